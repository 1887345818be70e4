using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Observability.Storage;

namespace Observability.Aggregator.Surfaces;

/// <summary>The outermost middleware: what a handler did not expect becomes a 500 that says nothing, and a line in the log that says all.</summary>
internal sealed partial class FaultGuard(RequestDelegate next, ILogger<FaultGuard> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller went away; nobody is left to be answered.
        }
        catch (BadHttpRequestException exception) when (!context.Response.HasStarted)
        {
            context.Response.Clear();
            RequestRules.SetResponseHeaders(context.Response.Headers);
            context.Response.StatusCode = exception.StatusCode;
        }
        catch (DataRemovedException) when (!context.Response.HasStarted)
        {
            // The tenant's data was deleted, or retention passed by, while it was read.
            context.Response.Clear();
            RequestRules.SetResponseHeaders(context.Response.Headers);
            await ErrorBody.Removed(context);
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            LogFault(exception, context.GetEndpoint()?.DisplayName ?? "no endpoint");
            context.Response.Clear();
            RequestRules.SetResponseHeaders(context.Response.Headers);
            await ErrorBody.Internal(context);
        }
    }

    [LoggerMessage(EventId = 4001, Level = LogLevel.Error, Message = "A request to {Endpoint} failed")]
    private partial void LogFault(Exception exception, string endpoint);
}
