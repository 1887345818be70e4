using System.Globalization;
using System.Text;
using Observability.Model.Matching;

namespace Observability.Model;

/// <summary>A regular expression of RE2 with its groups, which matches a text as a whole in linear time.</summary>
public sealed class Re2Pattern
{
    private readonly PatternProgram _program;
    private readonly List<string> _groupNames;

    /// <exception cref="ArgumentException">The pattern is longer than <see cref="Matcher.MaxPatternLength"/>, not RE2's, or too large.</exception>
    public Re2Pattern(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        Matcher.CheckLength(pattern);
        var parser = new PatternParser(pattern);
        _program = PatternProgram.Compile(parser.Parse(), captures: true);
        _groupNames = parser.GroupNames;
    }

    public bool IsMatch(string text) => new PatternRunner(_program).TryMatch(text, 0, out _);

    /// <summary>Fills a template with the groups of a match, by Go's rules: <c>$1</c>, <c>${1}</c>, <c>$name</c>, <c>$$</c>; a name is as long as it can be.</summary>
    /// <returns>Null where the text does not match.</returns>
    public string? Expand(string text, string template)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(template);
        if (!new PatternRunner(_program).TryMatch(text, 2 * _groupNames.Count + 2, out int[]? slots))
            return null;
        if (!template.Contains('$', StringComparison.Ordinal))
            return template;

        var expanded = new StringBuilder();
        int at = 0;
        while (template.IndexOf('$', at) is var dollar and >= 0)
        {
            expanded.Append(template, at, dollar - at);
            at = dollar + 1;
            if (at < template.Length && template[at] == '$')
            {
                expanded.Append('$');
                at++;
            }
            else if (TryName(template, ref at, out string name))
                AppendGroup(expanded, text, slots!, name); // given with the match
            else
                expanded.Append('$');
        }
        return expanded.Append(template, at, template.Length - at).ToString();
    }

    /// <param name="template">The template.</param>
    /// <param name="at">Behind the dollar; moves only behind a name.</param>
    /// <param name="name">Without braces.</param>
    private static bool TryName(string template, ref int at, out string name)
    {
        bool braces = at < template.Length && template[at] == '{';
        int start = braces ? at + 1 : at, end = start;
        while (end < template.Length && (char.IsLetter(template, end) || char.IsDigit(template, end) || template[end] == '_'))
            end += char.IsSurrogatePair(template, end) ? 2 : 1;
        name = template[start..end];
        if (name.Length == 0 || (braces && (end >= template.Length || template[end] != '}')))
            return false;
        at = braces ? end + 1 : end;
        return true;
    }

    private void AppendGroup(StringBuilder expanded, string text, int[] slots, string name)
    {
        bool isNumber = !name.AsSpan().ContainsAnyExceptInRange('0', '9') && (name.Length == 1 || name[0] != '0') && name.Length < 9;
        if (isNumber)
        {
            int index = int.Parse(name, NumberStyles.None, CultureInfo.InvariantCulture);
            if (index <= _groupNames.Count)
                Append(expanded, text, slots, index);
            return;
        }
        for (int i = 0; i < _groupNames.Count; i++)
        {
            if (_groupNames[i] == name && slots[2 * i + 2] >= 0)
            {
                Append(expanded, text, slots, i + 1);
                return;
            }
        }
    }

    private static void Append(StringBuilder expanded, string text, int[] slots, int group)
    {
        if (slots[2 * group] >= 0 && slots[2 * group + 1] >= 0)
            expanded.Append(text, slots[2 * group], slots[2 * group + 1] - slots[2 * group]);
    }
}
