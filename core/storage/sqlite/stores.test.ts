import { alertStoreContract } from '../../../tests/contracts/alert-store-contract.ts';
import { decisionStoreContract } from '../../../tests/contracts/decision-store-contract.ts';
import { deliveryStoreContract } from '../../../tests/contracts/delivery-store-contract.ts';
import { equityStoreContract } from '../../../tests/contracts/equity-store-contract.ts';
import { hindsightStoreContract } from '../../../tests/contracts/hindsight-store-contract.ts';
import { historyStoreContract } from '../../../tests/contracts/history-store-contract.ts';
import { predictionStoreContract } from '../../../tests/contracts/prediction-store-contract.ts';
import { stateStoreContract } from '../../../tests/contracts/state-store-contract.ts';
import {
  MemoryDecisionStore,
  MemoryHindsightStore,
  MemoryHistoryStore,
  MemoryStateStore,
  SqliteAlertStore,
  SqliteDecisionStore,
  SqliteDeliveryStore,
  SqliteEquityStore,
  SqliteHistoryStore,
  SqlitePredictionStore,
  SqliteStateStore,
} from '../index.ts';
import { storeOverRestarts } from '../testing/temporary-databases.ts';

historyStoreContract('in memory', () => new MemoryHistoryStore());
decisionStoreContract('in memory', () => new MemoryDecisionStore());
hindsightStoreContract('in memory', () => new MemoryHindsightStore());
stateStoreContract('in memory', () => new MemoryStateStore());

const history = storeOverRestarts((database) => new SqliteHistoryStore(database));
historyStoreContract('SQLite', history.make, history.reopen);

const decisions = storeOverRestarts((database) => new SqliteDecisionStore(database));
decisionStoreContract('SQLite', decisions.make, decisions.reopen);

const state = storeOverRestarts((database) => new SqliteStateStore(database));
stateStoreContract('SQLite', state.make, state.reopen);

const equity = storeOverRestarts((database) => new SqliteEquityStore(database));
equityStoreContract('SQLite', equity.make, equity.reopen);

const alerts = storeOverRestarts((database) => new SqliteAlertStore(database));
alertStoreContract('SQLite', alerts.make, alerts.reopen);

const deliveries = storeOverRestarts((database) => new SqliteDeliveryStore(database));
deliveryStoreContract('SQLite', deliveries.make, deliveries.reopen);

const predictions = storeOverRestarts((database) => new SqlitePredictionStore(database));
predictionStoreContract('SQLite', predictions.make, predictions.reopen);
