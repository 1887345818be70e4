namespace Observability.Simulator.Cluster;

/// <summary>The five kinds of row that cAdvisor's page has, as flags: a family applies to some of them.</summary>
[Flags]
internal enum RowKind
{
    None = 0,
    Root = 1,
    Slice = 2,
    Pod = 4,
    Pause = 8,
    Container = 16,
    All = Root | Slice | Pod | Pause | Container,
}
