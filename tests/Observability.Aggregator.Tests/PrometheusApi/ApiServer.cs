using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Observability.Model;
using Observability.Storage;
using Observability.Tenancy;

namespace Observability.Aggregator.Tests.PrometheusApi;

/// <summary>An answer with everything that a caller sees but the date.</summary>
internal sealed record Answer(int Status, string Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);
}

/// <summary>A real aggregator, the API on its real listener, and a store to write to, which holds nothing of acme and globex yet.</summary>
internal sealed class ApiServer : IAsyncDisposable
{
    private readonly TestAggregator _aggregator;
    private readonly HttpClient _client;

    private ApiServer(TestAggregator aggregator)
    {
        _aggregator = aggregator;
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.None })
        {
            BaseAddress = aggregator.AggregatorHost.Endpoints.Query,
        };
    }

    public TestAggregator Aggregator => _aggregator;

    /// <summary>Milliseconds of the server's clock.</summary>
    public long NowMs => _aggregator.NowMs;

    public static async Task<ApiServer> StartAsync(QuerySettings? settings = null) => new(await TestAggregator.StartAsync(query: settings, pods: false));

    public TenantUid Uid(string tenant) =>
        tenant.StartsWith('_') ? TenantUid.Parse(tenant)
        : _aggregator.Directory.Current.TryGetTenant(TenantName.Parse(tenant), out Tenant? found) ? found.Uid : throw new ArgumentException(tenant);

    /// <summary>The tenants that there are, each with its one namespace.</summary>
    public void SetTenants(params string[] names) =>
        _aggregator.Directory.ReplaceNamespaces([.. names.Select(name => TestAggregator.Namespace(name + "-web", name))], 20);

    /// <summary>Writes one series; times are seconds relative to now.</summary>
    public async Task WriteAsync(string tenant, LabelSet labels, params (double Seconds, double Value)[] samples)
    {
        using WriteBatch batch = _aggregator.Store.BeginBatch();
        SeriesHandle series = _aggregator.Store.Resolve(Uid(tenant), labels);
        foreach ((double seconds, double value) in samples)
            batch.Add(series, NowMs + (long)(seconds * 1000), value);
        await batch.CommitAsync(CancellationToken.None);
    }

    /// <summary>A series of a pod of the tenant, as ingest labels it.</summary>
    public static LabelSet PodSeries(string name, string tenant, string pod, params ReadOnlySpan<(string, string)> more) =>
        LabelSet.Of([("__name__", name), ("job", "kubelet"), ("node", "n1"), ("instance", "n1"), ("cluster", "default"), ("tenant", tenant),
            ("namespace", tenant + "-web"), ("pod", pod), .. more]);

    public Task<Answer> GetAsync(string target, string user = "acme", string? acceptEncoding = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(target, UriKind.Relative));
        if (acceptEncoding is not null)
            request.Headers.TryAddWithoutValidation("Accept-Encoding", acceptEncoding);
        return SendAsync(request, user);
    }

    public Task<Answer> PostFormAsync(string target, string form, string user = "acme", string contentType = "application/x-www-form-urlencoded")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(target, UriKind.Relative)) { Content = new ByteArrayContent(Encoding.ASCII.GetBytes(form)) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        return SendAsync(request, user);
    }

    public async Task<Answer> SendAsync(HttpRequestMessage request, string user = "acme")
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "q." + user);
        using (request)
        {
            using HttpResponseMessage response = await _client.SendAsync(request);
            string headers = string.Join('\n', response.Headers.Concat(response.Content.Headers)
                .Where(header => header.Key != "Date")
                .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}").Order(StringComparer.Ordinal));
            return new Answer((int)response.StatusCode, headers, await response.Content.ReadAsByteArrayAsync());
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _aggregator.DisposeAsync();
    }
}
