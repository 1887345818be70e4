// What a dashboard's JSON has to be, put together from Grafana's own types. A file of the check is a dashboard as a literal of the type
// `Checked`, so that the compiler also finds members that Grafana does not know.
import type { Dashboard, Panel, RowPanel, DataQuery, TableFieldOptions } from '@grafana/schema';
import type * as stat from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type * as table from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen';
import type * as bargauge from '@grafana/schema/dist/esm/raw/composable/bargauge/panelcfg/x/BarGaugePanelCfg_types.gen';
import type * as timeseries from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';

// In JSON an enum of strings is one of its strings, which the compiler would not take for the enum.
type Json<T> = T extends string ? `${T}`
  : T extends number | boolean | null | undefined ? T
  : T extends (infer U)[] ? Json<U>[]
  : T extends object ? { [K in keyof T]: Json<T[K]> }
  : T;

// A query of Grafana's data source for Prometheus; its package has no schema of it.
interface PrometheusQuery extends Omit<DataQuery, 'datasource'> {
  datasource: { type: 'prometheus'; uid: '${datasource}' };
  editorMode: 'code';
  expr: string;
  format: 'time_series' | 'table';
  instant: boolean;
  legendFormat: string;
  range: boolean;
}

type Field<Custom> = { defaults: Json<Omit<Panel['fieldConfig'] & {}, 'overrides'>['defaults']> & { custom?: Custom }; overrides: Json<(Panel['fieldConfig'] & {})['overrides']> };

type Of<Type extends string, Options, Custom> = Json<Omit<Panel, 'type' | 'options' | 'targets' | 'fieldConfig' | 'datasource'>> & {
  type: Type;
  title: string;
  description: string;
  datasource: { type: 'prometheus'; uid: '${datasource}' };
  options: Json<Options>;
  fieldConfig: Field<Custom>;
  targets: Json<PrometheusQuery>[];
};

type CheckedPanel =
  | Of<'stat', stat.Options, Record<string, never>>
  | Of<'bargauge', bargauge.Options, Record<string, never>>
  | Of<'table', table.Options, Json<TableFieldOptions>>
  | Of<'timeseries', Omit<timeseries.Options, 'annotations'>, Json<timeseries.FieldConfig>>
  | Json<RowPanel>;

export type Checked = Json<Omit<Dashboard, 'panels'>> & { panels: CheckedPanel[]; uid: string; title: string; description: string };
