import cases from './cases.json'
import grids from './grids.json'
import ledger from './ledger.json'
import site from './site.json'

export default { ...site, ...cases, ...grids, ...ledger }
