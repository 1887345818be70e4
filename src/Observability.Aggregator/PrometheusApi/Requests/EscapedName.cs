using System.Globalization;
using System.Text;

namespace Observability.Aggregator.PrometheusApi.Requests;

/// <summary>
/// A label's name in a path. A name that a path could not carry comes as Prometheus escapes it: <c>U__</c>, then <c>__</c> for an underscore
/// and <c>_hex_</c> for a character.
/// </summary>
internal static class EscapedName
{
    private const string Prefix = "U__";

    /// <summary>The name that is meant: unescaped where it is validly escaped, else as it stands.</summary>
    public static string Unescape(string name)
    {
        if (!name.StartsWith(Prefix, StringComparison.Ordinal))
            return name;
        var text = new StringBuilder(name.Length);
        for (int i = Prefix.Length; i < name.Length; i++)
        {
            if (name[i] != '_')
            {
                if (!char.IsAsciiLetterOrDigit(name[i]) && name[i] != ':')
                    return name;
                text.Append(name[i]);
                continue;
            }
            int end = name.IndexOf('_', i + 1);
            if (end < 0)
                return name;
            if (end == i + 1)
                text.Append('_');
            else if (end - i <= 7 && int.TryParse(name.AsSpan(i + 1, end - i - 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int rune) && Rune.IsValid(rune))
                text.Append(new Rune(rune).ToString());
            else
                return name;
            i = end;
        }
        return text.ToString();
    }
}
