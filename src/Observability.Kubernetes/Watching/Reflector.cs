using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using Observability.Kubernetes.Objects;

namespace Observability.Kubernetes.Watching;

/// <summary>
/// Keeps one kind of object up to date for ever: lists it with a quorum read (so that a list never goes back in time), then follows the
/// watch from the list's version, in order. A watch that ends is continued from the last version seen; one that cannot be is replaced by a
/// new list. Until the API server answers, what is known stays.
/// </summary>
internal sealed partial class Reflector<TWire, TObject>(
    ClusterConnection connection, WatchedResource<TWire, TObject> resource, WatchState state, WatchMetrics metrics,
    TimeProvider time, ILogger logger)
    where TWire : class, IWireObject
    where TObject : class
{
    /// <summary>A watch that lived this long did its work, however it ended and even if nothing happened.</summary>
    private static readonly TimeSpan GoodLife = TimeSpan.FromSeconds(10);

    private ClusterOptions Options => connection.Options;

    /// <summary>Where the watch continues; null: list first.</summary>
    private string? _version;
    private bool _heard;

    /// <summary>Ends by cancellation alone.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        int failures = 0;
        while (true)
        {
            long startedAt = time.GetTimestamp();
            _heard = false;
            WatchException? failure = null;
            try
            {
                if (_version is null)
                    await ListAsync(cancellationToken);
                await WatchAsync(_version!, cancellationToken);
            }
            catch (WatchException exception)
            {
                failure = exception;
            }
            cancellationToken.ThrowIfCancellationRequested();

            if (failure is not null)
            {
                metrics.Failure(resource.Name, failure.Failure);
                // Of an API server that is away the reason says all; a stack of calls would bury it.
                LogFailed(failure.Failure is WatchFailure.NotApplied or WatchFailure.Unreadable ? failure.InnerException : null,
                    resource.Name, failure.Failure, failure.Message);
                if (failure.Failure is not (WatchFailure.Unavailable or WatchFailure.Silent))
                    _version = null;
            }
            bool wentWell = _heard || time.GetElapsedTime(startedAt) >= GoodLife;
            failures = wentWell ? 0 : Math.Min(failures + 1, 30);
            if (failure is not null || !wentWell)
                await Task.Delay(RetryDelay.After(Math.Max(failures, 1), Options), time, cancellationToken);
        }
    }

    private async Task ListAsync(CancellationToken cancellationToken)
    {
        List<TObject> objects = [];
        resource.BeginList();
        string? version = null;
        string? next = null;
        do
        {
            WireList<TWire> page = await ListPageAsync(next, cancellationToken);
            // Every page is of the first one's version.
            version ??= page.Metadata?.ResourceVersion;
            foreach (TWire wire in page.Items ?? [])
            {
                if (Map(wire) is { } item)
                    objects.Add(item);
            }
            next = page.Metadata?.Continue;
        }
        while (!string.IsNullOrEmpty(next));

        ulong number = ParseVersion(version);
        Apply(() => resource.Replace(objects, number));
        _version = version;
        state.Listed(number);
        LogListed(resource.Name, objects.Count, number);
    }

    private async Task<WireList<TWire>> ListPageAsync(string? next, CancellationToken cancellationToken)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"{resource.Path}?limit={Options.PageSize}");
        if (next is not null)
            path += "&continue=" + Uri.EscapeDataString(next);

        using var timeout = new CancellationTokenSource(Options.ListTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        return await TalkAsync(
            async () =>
            {
                using HttpResponseMessage response = await connection.GetAsync(path, linked.Token);
                await RefuseUnlessOkAsync(response, linked.Token);
                await using Stream body = await response.Content.ReadAsStreamAsync(linked.Token);
                return await JsonSerializer.DeserializeAsync(body, resource.ListType, linked.Token)
                    ?? throw new WatchException(WatchFailure.Unreadable, "The list is null.");
            },
            cancellationToken);
    }

    private async Task WatchAsync(string version, CancellationToken cancellationToken)
    {
        // Spread, so that watches opened together do not all end together.
        double seconds = Options.WatchDuration.TotalSeconds * RetryDelay.Between(0.9, 1.1);
        string path = string.Create(
            CultureInfo.InvariantCulture,
            $"{resource.Path}?watch=true&allowWatchBookmarks=true&resourceVersion={Uri.EscapeDataString(version)}&timeoutSeconds={seconds:F0}");

        using var silence = new CancellationTokenSource(Options.WatchSilence, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silence.Token);
        try
        {
            await TalkAsync(
                async () =>
                {
                    using HttpResponseMessage response = await connection.GetAsync(path, linked.Token);
                    await RefuseUnlessOkAsync(response, linked.Token);
                    state.Opened();
                    await using Stream body = await response.Content.ReadAsStreamAsync(linked.Token);
                    await foreach (ReadOnlySequence<byte> line in WatchLines.ReadAsync(body, linked.Token))
                    {
                        Take(line);
                        _heard = true;
                        silence.CancelAfter(Options.WatchSilence);
                    }
                    return true;
                },
                cancellationToken);
        }
        finally
        {
            state.Closed();
        }
    }

    private void Take(in ReadOnlySequence<byte> line)
    {
        string? type = Read(line, WireJson.Default.WireEventType).Type;
        string? version;
        switch (type)
        {
            case "ADDED" or "MODIFIED" or "DELETED":
                TWire wire = Read(line, resource.EventType).Object ?? throw new WatchException(WatchFailure.Unreadable, "An event has no object.");
                version = wire.ResourceVersion;
                ulong number = ParseVersion(version);
                if (Map(wire) is { } item)
                    Apply(() => Deliver(type, item, number));
                break;
            case "BOOKMARK":
                version = Read(line, WireJson.Default.WireEventWireBookmark).Object?.Metadata?.ResourceVersion;
                ulong observed = ParseVersion(version);
                Apply(() => resource.ObservedAt(observed));
                break;
            case "ERROR":
                WireStatus? status = Read(line, WireJson.Default.WireEventWireStatus).Object;
                throw new WatchException(
                    status?.Code == (int)HttpStatusCode.Gone ? WatchFailure.Expired : WatchFailure.ServerError,
                    $"{status?.Code} {status?.Reason}: {status?.Message}");
            default:
                throw new WatchException(WatchFailure.Unreadable, "An event has an unknown type.");
        }
        _version = version;
        state.Heard(ParseVersion(version));
        metrics.Event(resource.Name, type);
    }

    private void Deliver(string type, TObject item, ulong version)
    {
        if (type == "DELETED")
            resource.Remove(item, version);
        else
            resource.Upsert(item);
    }

    private TObject? Map(TWire wire)
    {
        TObject? item = resource.Map(wire, ParseVersion(wire.ResourceVersion));
        if (item is null)
        {
            metrics.Unreadable(resource.Name);
            LogUnreadable(resource.Name);
        }
        return item;
    }

    private static async Task RefuseUnlessOkAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode == HttpStatusCode.OK)
            return;
        await response.Content.LoadIntoBufferAsync(64 << 10, cancellationToken);
        string body = await response.Content.ReadAsStringAsync(cancellationToken);
        throw new WatchException(
            response.StatusCode == HttpStatusCode.Gone ? WatchFailure.Expired : WatchFailure.Unavailable,
            $"The API server answered {(int)response.StatusCode}: {body.AsSpan(0, Math.Min(body.Length, 300))}");
    }

    /// <summary>Turns what can happen on the way to the API server and back into a <see cref="WatchException"/>.</summary>
    private static async Task<T> TalkAsync<T>(Func<Task<T>> talk, CancellationToken cancellationToken)
    {
        try
        {
            return await talk();
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new WatchException(WatchFailure.Silent, "The API server said nothing for too long.", exception);
        }
        catch (Exception exception) when (exception is JsonException or InvalidDataException)
        {
            throw new WatchException(WatchFailure.Unreadable, "The API server's answer could not be read.", exception);
        }
        catch (Exception exception) when (exception is not WatchException and not OperationCanceledException)
        {
            // Sockets, TLS, a token file or an exec plugin that fails: all are mended by trying again, and a watch never stops for good.
            throw new WatchException(WatchFailure.Unavailable, exception.Message, exception);
        }
    }

    private static void Apply(Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception)
        {
            // The next list brings everything again; until then the receiver holds what it had.
            throw new WatchException(WatchFailure.NotApplied, "What the API server said could not be taken in.", exception);
        }
    }

    private static T Read<T>(in ReadOnlySequence<byte> line, JsonTypeInfo<T> type)
    {
        var reader = new Utf8JsonReader(line);
        return JsonSerializer.Deserialize(ref reader, type) ?? throw new WatchException(WatchFailure.Unreadable, "An event is null.");
    }

    /// <summary>Versions are revisions of one etcd: decimal numbers that can be compared, also between kinds of objects.</summary>
    private static ulong ParseVersion(string? version) =>
        ulong.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number)
            ? number
            : throw new WatchException(WatchFailure.Unreadable, "A resource version is missing or is no number.");

    [LoggerMessage(EventId = 5000, Level = LogLevel.Information, Message = "Listed {Count} {Resource} at version {Version}")]
    private partial void LogListed(string resource, int count, ulong version);

    [LoggerMessage(EventId = 5001, Level = LogLevel.Warning, Message = "The watch of {Resource} ended ({Failure}) and is tried again: {Reason}")]
    private partial void LogFailed(Exception? exception, string resource, WatchFailure failure, string reason);

    [LoggerMessage(EventId = 5002, Level = LogLevel.Warning, Message = "One of the {Resource} has no name or UID and is left out")]
    private partial void LogUnreadable(string resource);
}
