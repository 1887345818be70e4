using System.Diagnostics.Metrics;
using Observability.Model;

namespace Observability.Storage;

/// <summary>
/// The metrics of all tenants, one partition each, the last hours in memory. Written by trusted code; read through a
/// <see cref="TenantScope"/> and in no other way. Safe on any number of threads.
/// </summary>
public sealed class MetricStore : IDisposable
{
    public MetricStore(StoreOptions options, IJournal journal, TimeProvider time, IMeterFactory? meters = null)
    {
    }

    /// <summary>The series with these labels in a partition, made where there is none.</summary>
    /// <exception cref="SeriesLimitException">The partition is full, or the labels are too many or too long.</exception>
    public SeriesHandle Resolve(TenantUid partition, LabelSet labels) => throw new NotImplementedException();

    /// <summary>An empty batch, for one thread; dispose it to give it back.</summary>
    public WriteBatch BeginBatch() => throw new NotImplementedException();

    /// <summary>
    /// The series that the scope opens, that all matchers accept and that may have samples in the range: sorted by partition, then by
    /// labels. The range's ends are inclusive; a grant limited to namespaces shows no sample before its <see cref="NamespaceGrant.FromMs"/>.
    /// </summary>
    public IReadOnlyList<SelectedSeries> Select(TenantScope scope, IReadOnlyList<Matcher> matchers, TimeRange range, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Label names of the series that <see cref="Select"/> would give: sorted (ordinal), each once.</summary>
    public IReadOnlyList<string> LabelNames(TenantScope scope, IReadOnlyList<Matcher> matchers, TimeRange range, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Values of one label of the series that <see cref="Select"/> would give: sorted (ordinal), each once.</summary>
    public IReadOnlyList<string> LabelValues(TenantScope scope, string name, IReadOnlyList<Matcher> matchers, TimeRange range, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Counts what the scope opens.</summary>
    public StoreStatistics Statistics(TenantScope scope) => throw new NotImplementedException();

    /// <summary>
    /// Drops what is older than <see cref="StoreOptions.HeadRange"/>, a chunk at a time, and forgets the series that are left without a
    /// sample. To be called every few minutes.
    /// </summary>
    public void Truncate() => throw new NotImplementedException();

    public void Dispose()
    {
    }
}
