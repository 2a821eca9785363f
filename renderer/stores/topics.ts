import { createTopicStore } from './topic-store.ts';

/** One store a topic: a page that shows positions is not drawn again because an order changed. */
export const useStatus = createTopicStore('status');
export const usePortfolio = createTopicStore('portfolio');
export const usePositions = createTopicStore('positions');
export const useOrders = createTopicStore('orders');
export const useFills = createTopicStore('fills');
export const useTrades = createTopicStore('trades');
export const useDecisions = createTopicStore('decisions');
export const useEquity = createTopicStore('equity');
/** Whether the program's engine runs, or is being started with other settings. */
export const useStartup = createTopicStore('startup');
export const useAlerts = createTopicStore('alerts');
