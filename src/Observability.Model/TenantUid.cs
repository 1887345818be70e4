using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Observability.Model;

/// <summary>
/// Identity of a tenant, and of its partition: 32 lower-case hex digits, generated and never derived from a name; or one of the
/// operator's partitions, <see cref="System"/> and <see cref="Unassigned"/>. Only <see cref="Parse"/> and <see cref="New"/> make one,
/// so that none can be a path, a separator or another tenant's name.
/// </summary>
public readonly record struct TenantUid : IComparable<TenantUid>
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");
    private readonly string? _value;

    private TenantUid(string value) => _value = value;

    /// <summary>Rows that belong to no pod, and pods that could not be resolved. Operators only.</summary>
    public static TenantUid System { get; } = new("_system");

    /// <summary>Namespaces that no tenant owns. Operators only.</summary>
    public static TenantUid Unassigned { get; } = new("_unassigned");

    /// <summary>True of <c>default</c>, which names nothing.</summary>
    public bool IsDefault => _value is null;

    /// <summary>True of the partitions that no tenant can see.</summary>
    public bool IsOperatorPartition => _value is ['_', ..];

    public static TenantUid New() => new(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));

    /// <exception cref="FormatException">The text is no tenant UID.</exception>
    public static TenantUid Parse(string text) =>
        TryParse(text, out TenantUid uid) ? uid : throw new FormatException("A tenant UID is 32 lower-case hex digits, _system or _unassigned.");

    public static bool TryParse([NotNullWhen(true)] string? text, out TenantUid uid)
    {
        uid = text switch
        {
            "_system" => System,
            "_unassigned" => Unassigned,
            { Length: 32 } when !text.AsSpan().ContainsAnyExcept(HexDigits) => new TenantUid(text),
            _ => default,
        };
        return !uid.IsDefault;
    }

    public int CompareTo(TenantUid other) => string.CompareOrdinal(_value, other._value);

    public override string ToString() => _value ?? "";

    public static bool operator <(TenantUid left, TenantUid right) => left.CompareTo(right) < 0;

    public static bool operator <=(TenantUid left, TenantUid right) => left.CompareTo(right) <= 0;

    public static bool operator >(TenantUid left, TenantUid right) => left.CompareTo(right) > 0;

    public static bool operator >=(TenantUid left, TenantUid right) => left.CompareTo(right) >= 0;
}
