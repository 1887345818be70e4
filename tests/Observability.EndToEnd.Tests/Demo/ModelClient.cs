using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Observability.EndToEnd.Tests.Demo;

/// <summary>A caller of the HTTP API, with or without a token.</summary>
internal sealed class ModelClient(Uri query, string? token) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = query };

    public static ModelClient Of(string name) => new(RunningDemo.Process.Query, RunningDemo.Process.Token(name));

    /// <summary>Status and body of a GET.</summary>
    public async Task<(HttpStatusCode Status, string Body)> GetAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using HttpResponseMessage response = await _http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public async Task<string[]> NamesAsync(string path)
    {
        (HttpStatusCode status, string body) = await GetAsync(path);
        Assert.That(status, Is.EqualTo(HttpStatusCode.OK), $"{path}: {body}");
        return JsonSerializer.Deserialize<string[]>(body) ?? [];
    }

    /// <summary>The points of a metric, oldest first.</summary>
    public async Task<IReadOnlyList<(DateTimeOffset Time, double Value)>> PointsAsync(string path)
    {
        (HttpStatusCode status, string body) = await GetAsync(path);
        Assert.That(status, Is.EqualTo(HttpStatusCode.OK), $"{path}: {body}");
        using JsonDocument answer = JsonDocument.Parse(body);
        return [.. answer.RootElement.GetProperty("metrics").EnumerateArray()
            .Select(point => (point.GetProperty("timestamp").GetDateTimeOffset(), point.GetProperty("value").GetDouble()))];
    }

    /// <summary>Asks again until there are so many different values, as new scrapes come in.</summary>
    public async Task<IReadOnlyList<(DateTimeOffset Time, double Value)>> PointsAsync(string path, int differentValues)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        while (true)
        {
            IReadOnlyList<(DateTimeOffset Time, double Value)> points = await PointsAsync(path);
            if (points.Select(point => point.Value).Distinct().Count() >= differentValues)
                return points;
            await timer.WaitForNextTickAsync(timeout.Token);
        }
    }

    public void Dispose() => _http.Dispose();
}
