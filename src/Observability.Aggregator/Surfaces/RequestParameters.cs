using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Observability.Aggregator.Surfaces;

/// <summary>
/// The parameters of one request, read once, checked against what its endpoint declares: there is no second reading of the query string or
/// the form that could see something else.
/// </summary>
internal sealed class RequestParameters
{
    private const int MaxFormBytes = 64 * 1024;
    private const int MaxParameters = 256;
    private const int LongestNamed = 64; // an answer need not carry back all that was sent

    private readonly Dictionary<string, List<string>> _values = new(StringComparer.Ordinal);
    private int _count;

    public static RequestParameters None { get; } = new();

    /// <summary>The value, empty where the name stands without one; null where the parameter is absent.</summary>
    public string? this[string name] => _values.TryGetValue(name, out List<string>? values) ? values[0] : null;

    /// <summary>All values in the order in which they stand.</summary>
    public IReadOnlyList<string> All(string name) => _values.TryGetValue(name, out List<string>? values) ? values : [];

    /// <summary>Reads the query string and, where the endpoint takes one, the form.</summary>
    /// <returns>The parameters, or what is wrong with them.</returns>
    /// <exception cref="BadHttpRequestException">The body is longer than any request's may be, or broken.</exception>
    public static async ValueTask<(RequestParameters Parameters, string? Fault)> ReadAsync(HttpContext context, Parameters allowed)
    {
        HttpRequest request = context.Request;
        var parameters = new RequestParameters();
        if (parameters.Add((request.QueryString.Value ?? "").TrimStart('?'), allowed) is { } fault)
            return (None, fault);
        if (allowed.Body == RequestBody.Own || context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true)
            return (parameters, null);
        if (allowed.Body == RequestBody.None || HttpMethods.IsGet(request.Method))
            return (None, "a GET request has no body");
        if (!IsForm(request))
            return (None, "the body must be application/x-www-form-urlencoded, UTF-8 and not encoded further");

        var form = new RequestParameters();
        string? body = await ReadFormAsync(context);
        if ((body is null ? "the body is too long or not ASCII" : form.Add(body, allowed)) is { } formFault)
            return (None, formFault);
        foreach ((string name, List<string> values) in form._values)
        {
            if (!parameters._values.TryAdd(name, values))
                return (None, $"parameter {Named(name)} stands both in the query string and in the body");
        }
        return (parameters, null);
    }

    /// <summary>Decodes <c>a=1&amp;b=2</c>, a plus being a space. Null where a percent-encoding is broken or does not give UTF-8.</summary>
    internal static string? Decode(ReadOnlySpan<char> text)
    {
        if (text.IndexOfAny('%', '+') < 0)
            return Ascii.IsValid(text) ? text.ToString() : null;
        byte[] rented = ArrayPool<byte>.Shared.Rent(text.Length * 3);
        try
        {
            int length = 0;
            for (int i = 0; i < text.Length; i++)
            {
                if (text[i] != '%')
                {
                    if (text[i] < 0x80)
                        rented[length++] = text[i] == '+' ? (byte)' ' : (byte)text[i];
                    else
                        return null;
                    continue;
                }
                if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
                    return null;
                rented[length++] = (byte)((Hex(text[i + 1]) << 4) | Hex(text[i + 2]));
                i += 2;
            }
            ReadOnlySpan<byte> bytes = rented.AsSpan(0, length);
            return System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static int Hex(char digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;

    private static string Named(string name) => name.Length <= LongestNamed ? name : name[..LongestNamed] + "…";

    private static bool IsForm(HttpRequest request) =>
        request.Headers.ContentEncoding.Count == 0 &&
        MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type) &&
        type.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) &&
        (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    private static async ValueTask<string?> ReadFormAsync(HttpContext context)
    {
        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            if (read.Buffer.Length > MaxFormBytes)
                return null;
            if (read.IsCompleted)
            {
                ReadOnlySequence<byte> body = read.Buffer;
                // A form is ASCII: whatever is not stands percent-encoded.
                string? text = IsAscii(body) ? Encoding.ASCII.GetString(body) : null;
                reader.AdvanceTo(body.End);
                return text;
            }
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static bool IsAscii(ReadOnlySequence<byte> bytes)
    {
        foreach (ReadOnlyMemory<byte> part in bytes)
        {
            if (!Ascii.IsValid(part.Span))
                return false;
        }
        return true;
    }

    private string? Add(string text, Parameters allowed)
    {
        foreach (Range range in text.AsSpan().Split('&'))
        {
            ReadOnlySpan<char> part = text.AsSpan()[range];
            if (part.IsEmpty)
                continue;
            int equals = part.IndexOf('=');
            if (Decode(equals < 0 ? part : part[..equals]) is not { } name || Decode(equals < 0 ? default : part[(equals + 1)..]) is not { } value)
                return "a parameter is not percent-encoded UTF-8";
            if (!allowed.Takes(name))
                return $"unknown parameter {Named(name)}";
            if (++_count > MaxParameters)
                return $"more than {MaxParameters} parameters";
            if (!_values.TryGetValue(name, out List<string>? values))
                _values.Add(name, values = []);
            else if (!allowed.MayRepeat(name))
                return $"parameter {Named(name)} stands more than once";
            values.Add(value);
        }
        return null;
    }
}
