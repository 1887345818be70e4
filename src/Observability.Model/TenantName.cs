using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Observability.Model;

/// <summary>
/// A tenant's display name, as it stands in URLs: a DNS label (1 to 63 of a-z, 0-9 and -, starting and ending with a letter or digit).
/// It can be neither a path segment with a meaning, nor an operator partition, nor a list.
/// </summary>
public readonly record struct TenantName
{
    private static readonly SearchValues<char> Characters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");
    private readonly string? _value;

    private TenantName(string value) => _value = value;

    /// <exception cref="FormatException">The text is no tenant name.</exception>
    public static TenantName Parse(string text) =>
        TryParse(text, out TenantName name) ? name : throw new FormatException("A tenant name is 1 to 63 of a-z, 0-9 and -, and starts and ends with a letter or digit.");

    public static bool TryParse([NotNullWhen(true)] string? text, out TenantName name)
    {
        name = default;
        if (text is not { Length: >= 1 and <= 63 } || text[0] == '-' || text[^1] == '-' ||
            text.AsSpan().ContainsAnyExcept(Characters))
            return false;
        name = new TenantName(text);
        return true;
    }

    public override string ToString() => _value ?? "";
}
