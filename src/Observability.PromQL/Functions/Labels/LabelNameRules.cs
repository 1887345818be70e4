namespace Observability.PromQL.Functions.Labels;

internal static class LabelNameRules
{
    /// <summary>Any text is a label's name, as long as it is UTF-8: a lone surrogate stands for a byte that is not.</summary>
    public static bool IsValid(string name)
    {
        for (int i = 0; i < name.Length; i++)
        {
            if (char.IsSurrogatePair(name, i))
                i++;
            else if (char.IsSurrogate(name[i]))
                return false;
        }
        return name.Length > 0;
    }
}
