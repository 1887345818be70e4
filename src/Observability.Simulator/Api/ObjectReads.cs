using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Observability.Simulator.Api;

/// <summary>Get, list and watch of one resource.</summary>
internal sealed class ObjectReads(ObjectStore store, ResourceKind kind, WatchSettings settings, TimeProvider time)
{
    private static readonly TimeSpan BookmarkInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestWatch = TimeSpan.FromMinutes(45);

    public async Task GetAsync(HttpContext context, string? ns, string name)
    {
        if (store.Find(kind, ns, name) is not { } found)
        {
            await StatusAnswer.NotFound(kind, name).WriteAsync(context);
            return;
        }

        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(found.Json, context.RequestAborted);
    }

    public async Task ListAsync(HttpContext context, string? ns)
    {
        IQueryCollection query = context.Request.Query;
        (IReadOnlyList<StoredObject> objects, long version) = store.List(kind, Selector(query, ns));
        if (query["resourceVersionMatch"] == "Exact" && Number(query, "resourceVersion") is { } exact && exact < store.CompactedVersion)
            throw new CompactedException(exact, store.CompactedVersion);

        if (query["continue"].ToString() is { Length: > 0 } token)
        {
            (long listed, string after) = ParseContinue(token);
            if (listed < store.CompactedVersion)
            {
                await StatusAnswer.Expired("The provided continue parameter is too old to display a consistent list result.").WriteAsync(context);
                return;
            }

            objects = [.. objects.Where(item => string.CompareOrdinal(item.Identity.Key, after) > 0)];
        }

        int limit = (int)Math.Min(Number(query, "limit") ?? 0, int.MaxValue);
        int count = limit > 0 ? Math.Min(limit, objects.Count) : objects.Count;
        ArrayBufferWriter<byte> buffer = new(1024 + (count * 2048));
        using (Utf8JsonWriter json = new(buffer, JsonWriting.Options))
        {
            json.WriteStartObject();
            json.WriteString("kind", kind.Kind + "List");
            json.WriteString("apiVersion", kind.GroupVersion);
            json.WriteStartObject("metadata");
            json.WriteString("resourceVersion", version.ToString(CultureInfo.InvariantCulture));
            if (count < objects.Count)
            {
                json.WriteString("continue", FormatContinue(version, objects[count - 1].Identity.Key));
                json.WriteNumber("remainingItemCount", objects.Count - count);
            }

            json.WriteEndObject();
            json.WriteStartArray("items");
            for (int i = 0; i < count; i++)
                json.WriteRawValue(objects[i].Json.Span, skipInputValidation: true);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(buffer.WrittenMemory, context.RequestAborted);
    }

    public async Task WatchAsync(HttpContext context, string? ns)
    {
        IQueryCollection query = context.Request.Query;
        ObjectSelector selector = Selector(query, ns);
        bool bookmarks = query["allowWatchBookmarks"].ToString() is "true" or "1";
        long version = Number(query, "resourceVersion") ?? 0;
        if (version != 0 && settings.ExpiredAsStatus && version < store.CompactedVersion)
            throw new CompactedException(version, store.CompactedVersion);

        TimeSpan timeout = Number(query, "timeoutSeconds") is > 0 and var seconds && seconds < LongestWatch.TotalSeconds
            ? TimeSpan.FromSeconds(seconds)
            : LongestWatch;
        Task dropped = settings.Dropped;
        using CancellationTokenSource ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        Task timedOut = Task.Delay(timeout, time, ends.Token);

        context.Response.ContentType = "application/json";
        Stream body = context.Response.Body;
        try
        {
            if (version == 0)
            {
                (IReadOnlyList<StoredObject> objects, version) = store.List(kind, selector);
                foreach (StoredObject item in objects)
                    await WriteEventAsync(body, "ADDED", item.Json, ends.Token);
            }

            await body.FlushAsync(ends.Token);
            await FollowAsync(body, selector, version, bookmarks, timedOut, dropped, ends.Token);
        }
        catch (CompactedException exception)
        {
            await WriteEventAsync(body, "ERROR", StatusAnswer.Expired(exception.Message).ToJson(), ends.Token);
        }
        catch (OperationCanceledException)
        {
            // The client went away: nothing is left to tell it.
        }

        await ends.CancelAsync();
        if (dropped.IsCompleted)
            context.Abort();
    }

    private async Task FollowAsync(
        Stream body, ObjectSelector selector, long version, bool bookmarks, Task timedOut, Task dropped, CancellationToken cancellationToken)
    {
        Task bookmarkAsked = settings.BookmarkAsked;
        Task bookmarkDue = Task.Delay(BookmarkInterval, time, cancellationToken);
        while (!dropped.IsCompleted)
        {
            (IReadOnlyList<ObjectChange> changes, version, Task more) = store.ChangesAfter(kind, version);
            foreach (ObjectChange change in changes)
            {
                if (Seen(change, selector) is { } type)
                    await WriteEventAsync(body, type, change.Object.Json, cancellationToken);
            }

            if (bookmarks && (bookmarkAsked.IsCompleted || bookmarkDue.IsCompleted || timedOut.IsCompleted))
                await WriteEventAsync(body, "BOOKMARK", Bookmark(version), cancellationToken);
            if (bookmarkAsked.IsCompleted)
                bookmarkAsked = settings.BookmarkAsked;
            if (bookmarkDue.IsCompleted)
                bookmarkDue = Task.Delay(BookmarkInterval, time, cancellationToken);

            await body.FlushAsync(cancellationToken);
            if (timedOut.IsCompleted)
                return;

            await Task.WhenAny(more, timedOut, dropped, bookmarkAsked, bookmarkDue);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>A change that moves an object into or out of the selection is an arrival or a departure to this watch.</summary>
    private static string? Seen(ObjectChange change, ObjectSelector selector)
    {
        bool now = change.Type != ChangeType.Deleted && selector.Matches(change.Object);
        bool before = change.Previous is not null && selector.Matches(change.Previous);
        return (before, now) switch
        {
            (false, true) => "ADDED",
            (true, true) => "MODIFIED",
            (true, false) => "DELETED",
            _ => null,
        };
    }

    private ReadOnlyMemory<byte> Bookmark(long version) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $$$"""{"kind":"{{{kind.Kind}}}","apiVersion":"{{{kind.GroupVersion}}}","metadata":{"resourceVersion":"{{{version}}}"}}"""));

    private static async Task WriteEventAsync(Stream body, string type, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        await body.WriteAsync(Encoding.UTF8.GetBytes($"{{\"type\":\"{type}\",\"object\":"), cancellationToken);
        await body.WriteAsync(json, cancellationToken);
        await body.WriteAsync("}\n"u8.ToArray(), cancellationToken);
    }

    private static ObjectSelector Selector(IQueryCollection query, string? ns) =>
        ObjectSelector.Parse(ns, query["labelSelector"], query["fieldSelector"]);

    private static long? Number(IQueryCollection query, string key)
    {
        string text = query[key].ToString();
        if (text.Length == 0)
            return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value)
            ? value
            : throw new FormatException($"invalid {key}: \"{text}\"");
    }

    private static string FormatContinue(long version, string key) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{version}:{key}")));

    private static (long Version, string After) ParseContinue(string token)
    {
        byte[] bytes = new byte[token.Length];
        if (Convert.TryFromBase64String(token, bytes, out int length))
        {
            string text = Encoding.UTF8.GetString(bytes, 0, length);
            int colon = text.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && long.TryParse(text[..colon], NumberStyles.None, CultureInfo.InvariantCulture, out long version))
                return (version, text[(colon + 1)..]);
        }

        throw new FormatException("continue key is not valid");
    }
}
