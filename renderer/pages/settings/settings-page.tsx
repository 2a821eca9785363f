import type { ReactNode } from 'react';
import { Empty, Icon, Panel } from '../../parts/index.ts';
import { type Preferences, usePreferences } from '../../stores/index.ts';
import { useSettings } from '../use-settings.ts';
import { LlmPanel } from './llm-panel.tsx';
import { type SettingGroup, settingGroups } from './settings-catalogue.ts';
import { StoragePanel } from './storage-panel.tsx';
import { VenueNow } from './venue-now.tsx';
import { VenuePanel } from './venue-panel.tsx';

/** What the program was told, in words; and how this window looks. */
export function SettingsPage() {
  const { settings, failure } = useSettings();
  return (
    <div className="page settings-page">
      {settings === null ? null : <VenuePanel settings={settings} />}
      <VenueNow />
      {settings === null ? null : <LlmPanel settings={settings} />}
      <p className="settings-note">
        <Icon name="info" /> What is below is changed in a file, given with{' '}
        <code className="code">--config</code>, or in the environment, and takes effect at the next start;
        limits are changed on the Safety page, and hold at once. This version does not use{' '}
        <code className="code">api.enabled</code> yet.
      </p>
      <div className="settings-columns">
        <Appearance />
        <StoragePanel />
        {failure === null ? null : <Empty title="The settings could not be read">{failure}</Empty>}
        {settings === null
          ? null
          : settingGroups(settings).map((group) => <Group key={group.title} group={group} />)}
      </div>
    </div>
  );
}

function Group({ group: { title, lines } }: { readonly group: SettingGroup }) {
  return (
    <Panel title={title} className="settings-group">
      <dl>
        {lines.map(({ key, name, value, meaning }) => (
          <div key={key} className="setting" title={key}>
            <dt>
              {name}
              <span className="setting-meaning quiet">{meaning}</span>
            </dt>
            <dd className="number">{value}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

const THEMES: Readonly<Record<Preferences['theme'], string>> = {
  dark: 'Dark',
  light: 'Light',
  system: 'As the system',
};
const UP_DOWN: Readonly<Record<Preferences['upDown'], string>> = {
  standard: 'Green up, red down',
  swapped: 'Red up, green down',
  'colour-blind': 'Blue up, orange down',
};

function Appearance() {
  const theme = usePreferences((preferences) => preferences.theme);
  const upDown = usePreferences((preferences) => preferences.upDown);
  const change = usePreferences((preferences) => preferences.change);
  return (
    <Panel title="Appearance" className="settings-group">
      <Choices
        legend="Theme"
        name="theme"
        options={THEMES}
        chosen={theme}
        onChoose={(next) => change({ theme: next })}
      />
      <Choices
        legend="Gains and losses"
        name="up-down"
        options={UP_DOWN}
        chosen={upDown}
        onChoose={(next) => change({ upDown: next })}
      >
        <span className="sample up number">+1.25 %</span>
        <span className="sample down number">−0.80 %</span>
      </Choices>
      <p className="quiet setting-note">Kept on this machine, for this window only.</p>
    </Panel>
  );
}

interface ChoicesProps<T extends string> {
  readonly legend: string;
  readonly name: string;
  readonly options: Readonly<Record<T, string>>;
  readonly chosen: T;
  readonly onChoose: (option: T) => void;
  readonly children?: ReactNode;
}

function Choices<T extends string>({ legend, name, options, chosen, onChoose, children }: ChoicesProps<T>) {
  return (
    <fieldset className="choices">
      <legend>
        {legend} {children}
      </legend>
      {/* Object.keys forgets that the keys are the options. */}
      {(Object.keys(options) as T[]).map((option) => (
        <label key={option} className="choice">
          <input type="radio" name={name} checked={option === chosen} onChange={() => onChoose(option)} />
          {options[option]}
        </label>
      ))}
    </fieldset>
  );
}
