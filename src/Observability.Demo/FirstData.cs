using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Observability.Demo;

/// <summary>Asks the query API, as each token's holder, until there is something to see.</summary>
internal sealed class FirstData(Uri query, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly HttpClient _http = new() { BaseAddress = query };

    /// <summary>Returns when the holder of the token sees memory in use.</summary>
    public async Task WaitAsync(string token, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        while (!await IsThereAsync(token, cancellationToken))
            await timer.WaitForNextTickAsync(cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private async Task<bool> IsThereAsync(string token, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/v1/model/metrics/memory/working_set");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using HttpResponseMessage response = await _http.SendAsync(request, cancellationToken);
        if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.ServiceUnavailable)
            return false; // the directory or the first scrape is on its way
        response.EnsureSuccessStatusCode();
        using JsonDocument answer = await JsonDocument.ParseAsync(
            await response.Content.ReadAsStreamAsync(cancellationToken), cancellationToken: cancellationToken);
        return answer.RootElement.GetProperty("metrics").GetArrayLength() > 0;
    }
}
