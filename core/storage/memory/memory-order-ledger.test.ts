import { orderLedgerContract } from '../../../tests/contracts/order-ledger-contract.ts';
import { MemoryOrderLedger } from './memory-order-ledger.ts';

orderLedgerContract('in memory', () => new MemoryOrderLedger());
