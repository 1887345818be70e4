using System.Text;
using CsCheck;
using Observability.Model;
using static Observability.Storage.Tests.TestStore;

namespace Observability.Storage.Tests;

/// <summary>Promise C1: what a tenant is told does not depend on whether another's data is there.</summary>
internal sealed class NoninterferenceTests
{
    private static readonly Gen<LabelSet> Series = Gen.Select(
        Gen.OneOf("cpu", "mem", "net"), Gen.OneOf("", "web", "batch", "prod"), Gen.Int[0, 12],
        (name, ns, pod) => Labels(name, ("namespace", ns), ("pod", pod == 0 ? "" : $"p{pod}")));

    private static readonly Gen<Write> Writes = Gen.Select(
        Gen.Bool, Series, Gen.Long[-7_300_000, 660_000], Gen.OneOf(Gen.Int[0, 3].Select(i => (double)i), Gen.Double), Gen.Int[0, 9],
        (isOther, series, afterMs, value, kind) => new Write(isOther, series, afterMs, value, kind));

    private static readonly Gen<Matcher> Matchers = Gen.Select(
        Gen.OneOf("__name__", "namespace", "pod"), Gen.OneOf(Enum.GetValues<MatchOperator>()), Gen.OneOf("", "cpu", "web", "p1", ".*", ".+", "p.|web"))
        .Select((name, @operator, value) => new Matcher(name, @operator, value));

    [Test]
    public async Task A_tenants_answers_are_the_same_with_and_without_another_tenants_data() =>
        await Gen.Select(Writes.Array[1, 150], Matchers.Array[0, 3], Gen.Long[-7_300_000, 660_000], Gen.Int[2, 6]).SampleAsync(
            async (writes, matchers, fromMs, maxSeries) =>
            {
                using TestStore both = await FillAsync(writes, maxSeries), alone = await FillAsync([.. writes.Where(write => !write.IsOther || write.IsTruncation)], maxSeries);

                foreach (TenantScope scope in Scopes(both.StartMs + fromMs))
                    Assert.That(Answer(both, scope, matchers, fromMs), Is.EqualTo(Answer(alone, scope, matchers, fromMs)));
            }, iter: 150);

    [Test]
    public async Task A_namespaces_answers_are_the_same_with_and_without_the_tenants_other_namespaces() =>
        await Gen.Select(Writes.Array[1, 150], Matchers.Array[0, 3], Gen.Long[-7_300_000, 660_000]).SampleAsync(
            async (writes, matchers, fromMs) =>
            {
                const int NoLimit = 1000; // the limit is the tenant's: its namespaces do share that
                static bool IsWeb(Write write) => write.Series["namespace"] == "web" || write.IsTruncation;
                using TestStore both = await FillAsync([.. writes.Select(write => write with { IsOther = false })], NoLimit),
                    alone = await FillAsync([.. writes.Where(IsWeb).Select(write => write with { IsOther = false })], NoLimit);

                TenantScope scope = Limited(Acme, new NamespaceGrant("web", both.StartMs + fromMs));
                Assert.That(Answer(both, scope, matchers, fromMs - 5000), Is.EqualTo(Answer(alone, scope, matchers, fromMs - 5000)));
            }, iter: 150);

    private static TenantScope[] Scopes(long fromMs) =>
        [Scope(Acme), Limited(Acme, new NamespaceGrant("web", fromMs)), Limited(Acme, new("web", 0), new("batch", fromMs))];

    private static async Task<TestStore> FillAsync(Write[] writes, int maxSeries)
    {
        var store = new TestStore(new StoreOptions { MaxSeriesPerPartition = maxSeries });
        foreach (Write write in writes)
        {
            TenantUid tenant = write.IsOther ? Globex : Acme;
            try
            {
                if (write.Kind == 0)
                    await store.EndAsync(tenant, write.Series);
                else if (write.IsTruncation)
                    store.Store.Truncate();
                else
                    await store.WriteAsync(tenant, write.Series, (write.AfterMs, write.Value));
            }
            catch (SeriesLimitException exception)
            {
                Assert.That(exception.Partition, Is.EqualTo(tenant));
            }
        }
        return store;
    }

    private static string Answer(TestStore store, TenantScope scope, Matcher[] matchers, long fromMs)
    {
        var text = new StringBuilder();
        var range = new TimeRange(store.StartMs + fromMs, store.StartMs + 500_000);
        var samples = new List<Sample>();
        foreach (SelectedSeries series in store.Store.Select(scope, matchers, range, default))
        {
            samples.Clear();
            series.CopyTo(samples);
            text.AppendLine($"{series.Tenant} {series.Labels} {string.Join(' ', samples.Select(sample => $"{sample.TimestampMs}:{BitConverter.DoubleToInt64Bits(sample.Value):x}"))}");
        }
        IReadOnlyList<string> names = store.Store.LabelNames(scope, matchers, range, default);
        foreach (string name in names)
            text.AppendLine($"{name}: {string.Join(',', store.Store.LabelValues(scope, name, matchers, range, default))}");
        StoreStatistics statistics = store.Store.Statistics(scope);
        return text.AppendLine($"{statistics with { TopLabels = [] }} {string.Join(',', statistics.TopLabels)}").ToString();
    }

    /// <param name="Kind">0: the series ends; 1: the store is truncated; else: a sample.</param>
    private sealed record Write(bool IsOther, LabelSet Series, long AfterMs, double Value, int Kind)
    {
        /// <summary>Time passes for all alike, so this one is no tenant's.</summary>
        public bool IsTruncation => Kind == 1;
    }
}
