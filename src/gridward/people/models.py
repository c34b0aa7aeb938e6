"""Tables of the people room. Personal data is work data only: no sex, no birth date, no home address."""

from __future__ import annotations

from django.db import models

UNIT_KINDS = ("unit", "department", "committee", "enterprise", "office", "jurisdiction")
RANKS = ("lead", "deputy", "assist", "sponsor")
RESPONSIBILITIES = ("", "first", "main", "direct")
PLACES = ("area", "subject", "unit")


class Unit(models.Model):
    """A body that handles, owns or is assessed. `aliases` are other spellings found in files."""

    id = models.UUIDField(primary_key=True)
    code = models.TextField(unique=True)
    name = models.TextField()
    aliases = models.JSONField(default=list)
    kind = models.TextField(default="unit")
    parent = models.ForeignKey("Unit", null=True, on_delete=models.PROTECT, related_name="parts")
    head = models.ForeignKey("Person", null=True, on_delete=models.PROTECT, related_name="+")
    source = models.TextField(default="")
    created_at = models.DateTimeField()


class Person(models.Model):
    """A member of staff. `login` is null and `password` empty for people without an account.

    `profile` holds education, service_since, titles and certificates; rules.check_profile refuses the rest.
    """

    id = models.UUIDField(primary_key=True)
    login = models.TextField(unique=True, null=True)
    name = models.TextField()
    work_phone = models.TextField(default="")
    photo = models.CharField(max_length=64, default="")
    password = models.TextField(default="")
    active = models.BooleanField(default=True)
    profile = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["name"], name="people_person_name")]


class Membership(models.Model):
    """A person works in a unit from `valid_from` (inclusive) to `valid_to` (exclusive, null = open)."""

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="memberships")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "unit"],
                condition=models.Q(valid_to__isnull=True),
                name="people_membership_open",
            )
        ]


class Post(models.Model):
    """A role that a pack defines. `rank` is the level of its areas (1 = top, 0 = not on areas).

    counts      {"lead": {"min", "max"}, "assist": {…}, "deputy": {…}} people per area, subject or unit
    deputy      {"required": bool, "mutual": bool}
    terms       {"task", "standard", "reward", "hours"}: what 五定/六定 ask for, as text
    completeness [{"id", "zh", "en", "elements": […]}]
    sponsors    levels on which holders may be posted as sponsor (分包)
    """

    id = models.UUIDField(primary_key=True)
    pack = models.TextField(default="")
    pack_version = models.TextField(default="")
    code = models.TextField()
    scheme = models.TextField(default="")
    rank = models.SmallIntegerField(default=0)
    zh = models.TextField()
    en = models.TextField()
    on = models.TextField(default="area")
    everywhere = models.BooleanField(default=False)
    lead = models.BooleanField(default=False)
    department = models.TextField(default="")
    permissions = models.JSONField(default=list)
    duties = models.TextField(default="")
    qualifications = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    deputy = models.JSONField(default=dict)
    paired = models.BooleanField(default=False)
    max_areas = models.SmallIntegerField(null=True)
    terms = models.JSONField(default=dict)
    completeness = models.JSONField(default=list)
    sponsors = models.JSONField(default=list)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pack", "code"], name="people_post_code"),
            models.CheckConstraint(condition=models.Q(on__in=PLACES), name="people_post_on"),
        ]


class Crew(models.Model):
    """How many people of several posts together an area needs: 3–4 people of four kinds."""

    id = models.UUIDField(primary_key=True)
    pack = models.TextField()
    code = models.TextField()
    scheme = models.TextField()
    rank = models.SmallIntegerField()
    zh = models.TextField()
    en = models.TextField()
    posts = models.JSONField(default=list)
    least = models.IntegerField(default=0)
    most = models.IntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pack", "code"], name="people_crew_code")]


class Posting(models.Model):
    """Person × post × (area, subject or unit) × rank × responsibility × dates.

    `target` is the id of the area, subject or unit it is on. Postings on an area carry its scheme, level and
    ancestors as they were; `unit` is then the department that sent the person. `leads` names the pack whose
    lead of the area this is ("-" otherwise), so that the database can refuse a second one.
    """

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="postings")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="postings")
    target = models.UUIDField()
    scheme = models.TextField(default="")
    area = models.UUIDField(null=True)
    area_rank = models.SmallIntegerField(default=0)
    a1 = models.UUIDField(null=True)
    a2 = models.UUIDField(null=True)
    a3 = models.UUIDField(null=True)
    a4 = models.UUIDField(null=True)
    a5 = models.UUIDField(null=True)
    subject = models.UUIDField(null=True)
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="postings")
    rank = models.TextField(default="lead")
    responsibility = models.TextField(default="")
    pair_of = models.ForeignKey("Posting", null=True, on_delete=models.PROTECT, related_name="pairs")
    full_time = models.BooleanField(default=True)
    leads = models.TextField(default="-")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    letter = models.TextField(default="")
    ended_why = models.TextField(default="")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["target", "leads"],
                condition=models.Q(valid_to__isnull=True) & ~models.Q(leads="-"),
                name="people_posting_one_lead",
            ),
            models.UniqueConstraint(
                fields=["person", "post", "target"],
                condition=models.Q(valid_to__isnull=True),
                name="people_posting_once",
            ),
            models.CheckConstraint(condition=models.Q(rank__in=RANKS), name="people_posting_rank"),
            models.CheckConstraint(
                condition=models.Q(responsibility__in=RESPONSIBILITIES), name="people_posting_responsibility"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="people_posting_dates",
            ),
        ]
        indexes = [
            models.Index(fields=["target", "post"], name="people_posting_target"),
            models.Index(fields=["scheme", "area_rank"], name="people_posting_scheme"),
            *(models.Index(fields=[f"a{n}"], name=f"people_posting_a{n}") for n in range(1, 6)),
        ]


class Absence(models.Model):
    """A person is away (leave) or stands aside from one posting; the B post acts meanwhile. No reasons are
    kept."""

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="absences")
    posting = models.ForeignKey(Posting, null=True, on_delete=models.PROTECT, related_name="absences")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person", "started_at"], name="people_absence_person")]


class Presence(models.Model):
    """A department enters an area (八进网格) or sponsors it (分包), with its duty there."""

    id = models.UUIDField(primary_key=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="presences")
    kind = models.TextField(default="enters")
    scheme = models.TextField()
    area = models.UUIDField()
    area_rank = models.SmallIntegerField()
    a1 = models.UUIDField(null=True)
    a2 = models.UUIDField(null=True)
    a3 = models.UUIDField(null=True)
    a4 = models.UUIDField(null=True)
    a5 = models.UUIDField(null=True)
    duty = models.TextField()
    liaison = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "kind", "area"],
                condition=models.Q(valid_to__isnull=True),
                name="people_presence_once",
            )
        ]
        indexes = [models.Index(fields=["area"], name="people_presence_area")]


class Gap(models.Model):
    """An area without a lead is published here, with since when and why; closed when somebody is posted."""

    id = models.UUIDField(primary_key=True)
    scheme = models.TextField()
    area = models.UUIDField()
    area_rank = models.SmallIntegerField(default=0)
    why = models.TextField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["area"], condition=models.Q(closed_at__isnull=True), name="people_gap_once"
            )
        ]
        indexes = [models.Index(fields=["scheme", "closed_at"], name="people_gap_scheme")]


class Handover(models.Model):
    """What was open when a posting ended: a list of {"ref", "text"}, and who took it over."""

    id = models.UUIDField(primary_key=True)
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="handovers")
    open_items = models.JSONField(default=list)
    receiver = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)


class Team(models.Model):
    """Auxiliary force (保安、志愿者、五老、楼栋长 …): a head count, and names only with consent."""

    id = models.UUIDField(primary_key=True)
    kind = models.TextField()
    name = models.TextField()
    purpose = models.TextField()
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    scheme = models.TextField(default="")
    area = models.UUIDField(null=True)
    headcount = models.IntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)


class TeamMember(models.Model):
    """A named member of an auxiliary force: name and telephone are sealed, consent has a date and an end."""

    id = models.UUIDField(primary_key=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="members")
    sealed = models.JSONField(default=dict)
    purpose = models.TextField()
    consent_date = models.DateField()
    valid_to = models.DateField(null=True)
    withdrawn_at = models.DateTimeField(null=True)


class Group(models.Model):
    """A leading group, its office or a working group, with its duty text."""

    id = models.UUIDField(primary_key=True)
    kind = models.TextField()
    name = models.TextField()
    duty = models.TextField()
    parent = models.ForeignKey("Group", null=True, on_delete=models.PROTECT, related_name="parts")
    document = models.TextField(default="")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)


class Seat(models.Model):
    """A person, a department or both in a group: head, deputy_head, member or liaison (联络员)."""

    id = models.UUIDField(primary_key=True)
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="seats")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="seats")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="seats")
    role = models.TextField()
    duty = models.TextField(default="")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)


class AccessToken(models.Model):
    """A token for programs; only its SHA-256 is kept."""

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="tokens")
    name = models.TextField()
    hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    last_used = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)


class Session(models.Model):
    """A log-in from a browser; only the SHA-256 of its token is kept."""

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="sessions")
    hash = models.CharField(max_length=64, unique=True)
    agent = models.TextField(default="")
    created_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)


class LoginAttempt(models.Model):
    """Failures by key (fingerprint of a typed login or of an address); the key never shows what was typed."""

    key = models.TextField(primary_key=True)
    failures = models.IntegerField(default=0)
    last_failed_at = models.DateTimeField()
    locked_until = models.DateTimeField(null=True)


class InboxItem(models.Model):
    """Something for a person, a unit, or whoever holds a post on an area. `subject` reads "case/<id>"."""

    id = models.UUIDField(primary_key=True)
    person = models.UUIDField(null=True)
    unit = models.UUIDField(null=True)
    post = models.TextField(default="")
    area = models.UUIDField(null=True)
    kind = models.TextField()
    subject = models.TextField()
    zh = models.TextField()
    en = models.TextField()
    due_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["person", "due_at"], name="people_inbox_person", condition=models.Q(done_at=None)
            ),
            models.Index(
                fields=["unit", "due_at"], name="people_inbox_unit", condition=models.Q(done_at=None)
            ),
            models.Index(fields=["area", "post"], name="people_inbox_area", condition=models.Q(done_at=None)),
            models.Index(fields=["subject"], name="people_inbox_subject", condition=models.Q(done_at=None)),
        ]
