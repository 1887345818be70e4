using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using Observability.EndToEnd.Tests.Simulated;
using Observability.Model;
using Observability.Simulator;
using Observability.Storage;
using Observability.Tenancy;

namespace Observability.EndToEnd.Tests.Differential;

/// <summary>
/// The same data and the same queries, asked of a real Prometheus and, as a tenant, of this product's API. The version that Debian has (2.42) differs
/// from 3.x at the edges of windows: the data keeps off them.
/// </summary>
[Category("Long")]
[Category("Differential")]
internal sealed class PrometheusComparisonTests
{
    private const int Queries = 2_500;
    private const int Seed = 20260302;

    [Test]
    public async Task Random_queries_have_the_values_that_Prometheus_gives([Values(1, 2)] int round)
    {
        if (!PrometheusProcess.IsInstalled)
            Assert.Ignore("Needs the programs prometheus and promtool (Debian's package prometheus): nothing was compared with a real Prometheus.");
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(10)); // a safety net
        await using SimulatedDeployment deployment = await SimulatedDeployment.StartAsync(Scenarios.ThreeTenants(nodes: 1, podsPerNode: 6), timeout.Token);
        GeneratedData data = GeneratedData.Make(Seed + round, deployment.Time.GetUtcNow());
        await LoadAsync(deployment, data, timeout.Token);
        await using PrometheusProcess prometheus = await PrometheusProcess.StartAsync(data, timeout.Token);
        using var theirs = new HttpClient { BaseAddress = prometheus.Address };
        using var ours = new HttpClient { BaseAddress = new Uri(deployment.Aggregator.Endpoints.Query, "tenants/acme/") };
        ours.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", deployment.Token("acme-web", "viewer"));
        var grammar = new QueryGrammar(data, Seed + round);
        List<string> differences = [];
        int withData = 0, errors = 0;

        for (int i = 0; i < Queries; i++)
        {
            GeneratedQuery query = grammar.Next();
            Answer expected = await AskAsync(theirs, query, timeout.Token), answer = await AskAsync(ours, query, timeout.Token);
            if (answer.DifferenceFrom(expected) is { } difference)
                differences.Add($"{query}\n    {difference}");
            withData += expected.Series.Count > 0 ? 1 : 0;
            errors += expected.Error is not null ? 1 : 0;
        }

        await TestContext.Out.WriteLineAsync($"{Queries} queries, {withData} with data, {errors} refused by both, {differences.Count} different.");
        Assert.That(differences, Is.Empty, string.Join('\n', differences.Take(30)));
        Assert.That(withData, Is.GreaterThan(Queries / 2), "queries with data");
        Assert.That(errors, Is.LessThan(Queries / 5), "queries that are refused");
    }

    private static async Task LoadAsync(SimulatedDeployment deployment, GeneratedData data, CancellationToken cancellationToken)
    {
        MetricStore store = deployment.Aggregator.Services.GetRequiredService<MetricStore>();
        TenantUid acme = deployment.Tenants.Current.Tenants.Single(tenant => tenant.Name.ToString() == "acme").Uid;
        SeriesHandle[] handles = [.. data.Series.Select(series => store.Resolve(acme, series.Labels))];
        // In the order of time, as a store gets them.
        var rows = data.Series.SelectMany((series, place) => series.Samples.Select(sample => (sample.TimestampMs, sample.Value, Place: place)))
            .GroupBy(sample => sample.TimestampMs / 15_000).OrderBy(row => row.Key);
        foreach (var row in rows)
        {
            using WriteBatch batch = store.BeginBatch();
            foreach ((long timestampMs, double value, int place) in row)
                batch.Add(handles[place], timestampMs, value);
            WriteResult written = await batch.CommitAsync(cancellationToken);
            Assert.That(written.Accepted, Is.EqualTo(row.Count()), "samples stored");
        }
    }

    private static async Task<Answer> AskAsync(HttpClient client, GeneratedQuery query, CancellationToken cancellationToken)
    {
        using var form = new FormUrlEncodedContent(query.Form);
        using HttpResponseMessage response = await client.PostAsync(new Uri(query.Path, UriKind.Relative), form, cancellationToken);
        string body = await response.Content.ReadAsStringAsync(cancellationToken);
        return Answer.Parse(body);
    }
}
