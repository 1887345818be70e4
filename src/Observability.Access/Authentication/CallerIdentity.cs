using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Observability.Access;

/// <summary>Who calls, as the API server's review of the token said. All of it counts in an access review, so none of it is ever left out.</summary>
public sealed record CallerIdentity
{
    private const string NodeNameKey = "authentication.kubernetes.io/node-name";
    private const string NodeUidKey = "authentication.kubernetes.io/node-uid";

    public required string Username { get; init; }

    public string Uid { get; init; } = "";

    public ImmutableArray<string> Groups { get; init; } = [];

    public IReadOnlyDictionary<string, ImmutableArray<string>> Extra { get; init; } = FrozenDictionary<string, ImmutableArray<string>>.Empty;

    /// <summary>The node that the token's pod runs on; null where the token is bound to none.</summary>
    public string? BoundNode => Single(NodeNameKey);

    /// <summary>UID of the node object that the token's pod runs on; null where the token is bound to none.</summary>
    public string? BoundNodeUid => Single(NodeUidKey);

    // Several values would mean that somebody added one: then none is believed.
    private string? Single(string key) =>
        Extra.TryGetValue(key, out ImmutableArray<string> values) && values is [{ Length: > 0 } value] ? value : null;
}
