using System.Net;
using System.Text.Json;
using k8s.Autorest;

namespace Observability.Kubernetes;

/// <summary>One request to the API server with a time limit, whose every failure is a <see cref="ClusterUnavailableException"/>.</summary>
internal static class ApiCall
{
    public static async Task<T> RunAsync<T>(
        string what, Func<CancellationToken, Task<T>> call, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(limit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await call(linked.Token);
        }
        catch (HttpOperationException exception)
        {
            // Not passed on: it holds the request, and the request may hold a caller's token.
            HttpStatusCode? status = exception.Response?.StatusCode;
            throw new ClusterUnavailableException($"{what} failed: the API server answered {(int?)status}.", status);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ClusterUnavailableException($"{what} took longer than {limit.TotalSeconds:0.###} s.", innerException: exception);
        }
        catch (JsonException exception)
        {
            throw new ClusterUnavailableException($"{what} failed: the answer could not be read.", innerException: exception);
        }
        catch (Exception exception) when (exception is not ClusterUnavailableException and not OperationCanceledException)
        {
            throw new ClusterUnavailableException($"{what} failed: {exception.Message}", innerException: exception);
        }
    }
}
