using System.Text.Json.Serialization;
using Observability.Aggregator.Maintenance;
using Observability.Kubernetes;
using Observability.Tenancy;

namespace Observability.Aggregator.Telemetry;

/// <summary>Whether questions can be answered truly, and if not why.</summary>
internal sealed class Readiness(IClusterSync sync, TenantDirectory directory, StoreState store)
{
    public ReadinessBody Current()
    {
        List<string> reasons = [];
        if (!sync.IsSynced)
            reasons.AddRange(sync.Watches.Where(watch => !watch.IsSynced).Select(watch => $"{watch.Resource} have not been listed yet"));
        if (!directory.Current.Complete)
            reasons.Add("the tenant directory is not complete yet");
        if (store.NotServing is { } reading)
            reasons.Add(reading);
        WatchBody[] watches = [.. sync.Watches.Select(watch => new WatchBody(watch.Resource, watch.IsSynced, watch.IsConnected, watch.Lag.TotalSeconds))];
        return new ReadinessBody(reasons.Count == 0, reasons, directory.Current.Version, watches, store.Describe());
    }
}

/// <summary>Answer of <c>/readyz</c>.</summary>
internal sealed record ReadinessBody(bool Ready, IReadOnlyList<string> Reasons, long DirectoryVersion, IReadOnlyList<WatchBody> Watches, StoreBody Store);

/// <summary>How one watch is doing; the lag in seconds.</summary>
internal sealed record WatchBody(string Resource, bool Synced, bool Connected, double LagSeconds);

[JsonSerializable(typeof(ReadinessBody))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class ReadinessJson : JsonSerializerContext;
