namespace Observability.Simulator.Api;

/// <summary>A namespace, a label selector and a field selector, as list and watch take them.</summary>
internal sealed class ObjectSelector
{
    private readonly List<(string Key, LabelOperator Operator, string[] Values)> labels = [];
    private readonly List<(string Field, bool Equal, string Value)> fields = [];

    private ObjectSelector(string? ns) => Namespace = ns;

    /// <summary>Null: all of them.</summary>
    public string? Namespace { get; }

    private enum LabelOperator
    {
        In,
        NotIn,
        Exists,
        Absent,
    }

    /// <exception cref="FormatException">A selector that the API server would refuse with 400.</exception>
    public static ObjectSelector Parse(string? ns, string? labelSelector, string? fieldSelector)
    {
        ObjectSelector selector = new(ns);
        foreach (string requirement in SplitOutsideParentheses(labelSelector ?? ""))
            selector.labels.Add(ParseLabel(requirement));

        foreach (string requirement in (fieldSelector ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            selector.fields.Add(ParseField(requirement));

        return selector;
    }

    public bool Matches(StoredObject stored)
    {
        ObjectIdentity identity = stored.Identity;
        if (Namespace is not null && identity.Namespace != Namespace)
            return false;

        foreach ((string key, LabelOperator labelOperator, string[] values) in labels)
        {
            bool present = identity.Labels.TryGetValue(key, out string? value);
            bool holds = labelOperator switch
            {
                LabelOperator.In => present && values.Contains(value),
                LabelOperator.NotIn => !present || !values.Contains(value),
                LabelOperator.Exists => present,
                _ => !present,
            };
            if (!holds)
                return false;
        }

        foreach ((string field, bool equal, string value) in fields)
        {
            string actual = field switch
            {
                "metadata.name" => identity.Name,
                "metadata.namespace" => identity.Namespace ?? "",
                "spec.nodeName" => identity.NodeName,
                _ => identity.Phase,
            };
            if ((actual == value) != equal)
                return false;
        }

        return true;
    }

    private static (string Field, bool Equal, string Value) ParseField(string requirement)
    {
        int at = requirement.IndexOf('=', StringComparison.Ordinal);
        if (at <= 0)
            throw new FormatException($"invalid field selector: {requirement}");

        bool equal = requirement[at - 1] != '!';
        string field = requirement[..(equal ? at : at - 1)];
        if (field is not ("metadata.name" or "metadata.namespace" or "spec.nodeName" or "status.phase"))
            throw new FormatException($"field label not supported: {field}");
        return (field, equal, requirement[(at + 1)..].TrimStart('='));
    }

    private static (string Key, LabelOperator Operator, string[] Values) ParseLabel(string requirement)
    {
        int open = requirement.IndexOf('(', StringComparison.Ordinal);
        if (open >= 0 && requirement.EndsWith(')'))
        {
            string[] words = requirement[..open].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            string[] values = requirement[(open + 1)..^1].Split(',', StringSplitOptions.TrimEntries);
            return words is [var key, "in" or "notin"]
                ? (key, words[1] == "in" ? LabelOperator.In : LabelOperator.NotIn, values)
                : throw new FormatException($"unable to parse requirement: {requirement}");
        }

        int at = requirement.IndexOf('=', StringComparison.Ordinal);
        if (at > 0 && requirement[at - 1] == '!')
            return (requirement[..(at - 1)].Trim(), LabelOperator.NotIn, [requirement[(at + 1)..].Trim()]);
        if (at > 0)
            return (requirement[..at].Trim(), LabelOperator.In, [requirement[(at + 1)..].TrimStart('=').Trim()]);
        if (at == 0 || requirement.Contains(' ', StringComparison.Ordinal))
            throw new FormatException($"unable to parse requirement: {requirement}");
        return requirement.StartsWith('!') ? (requirement[1..], LabelOperator.Absent, []) : (requirement, LabelOperator.Exists, []);
    }

    private static IEnumerable<string> SplitOutsideParentheses(string text)
    {
        int depth = 0;
        int start = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && text[i] == '(')
                depth++;
            else if (i < text.Length && text[i] == ')')
                depth--;
            else if (i == text.Length || (text[i] == ',' && depth == 0))
            {
                if (text[start..i].Trim() is { Length: > 0 } part)
                    yield return part;
                start = i + 1;
            }
        }
    }
}
