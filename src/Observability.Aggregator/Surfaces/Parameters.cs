using System.Collections.Frozen;

namespace Observability.Aggregator.Surfaces;

/// <summary>What a request may carry besides its path and headers.</summary>
internal enum RequestBody
{
    /// <summary>GET; parameters in the query string.</summary>
    None,

    /// <summary>GET, or POST with a form; a parameter stands in the query string or in the form.</summary>
    Form,

    /// <summary>POST; the handler reads the body and bounds it.</summary>
    Own,
}

/// <summary>
/// The parameters that an endpoint takes; metadata. One that is not declared, stands more than once though it is single, or stands both in
/// the query string and in the body, is answered 400 before the handler runs: an alias or a second value must never mean something else to
/// the handler than to a check.
/// </summary>
internal sealed class Parameters
{
    private readonly FrozenSet<string> _single;
    private readonly FrozenSet<string> _repeatable;

    private Parameters(FrozenSet<string> single, FrozenSet<string> repeatable, RequestBody body)
    {
        _single = single;
        _repeatable = repeatable;
        Body = body;
    }

    public static Parameters None { get; } = new(FrozenSet<string>.Empty, FrozenSet<string>.Empty, RequestBody.None);

    public RequestBody Body { get; }

    /// <summary>Takes each of these once.</summary>
    public static Parameters Allow(params ReadOnlySpan<string> names) =>
        new(names.ToArray().ToFrozenSet(StringComparer.Ordinal), FrozenSet<string>.Empty, RequestBody.None);

    /// <summary>Takes these as often as they stand, too.</summary>
    public Parameters AndRepeated(params ReadOnlySpan<string> names) =>
        new(_single, _repeatable.Concat(names.ToArray()).ToFrozenSet(StringComparer.Ordinal), Body);

    /// <summary>Takes them also as a form by POST.</summary>
    public Parameters OrForm() => new(_single, _repeatable, RequestBody.Form);

    /// <summary>Is POST alone, with a body of the handler's own.</summary>
    public Parameters WithOwnBody() => new(_single, _repeatable, RequestBody.Own);

    public bool Takes(string name) => _single.Contains(name) || _repeatable.Contains(name);

    public bool MayRepeat(string name) => _repeatable.Contains(name);
}
