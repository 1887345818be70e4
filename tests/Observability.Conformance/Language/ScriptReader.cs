using System.Text.RegularExpressions;
using Observability.Model;
using Observability.PromQL;

namespace Observability.Conformance.Language;

/// <summary>Reads a script of the promqltest language.</summary>
internal static partial class ScriptReader
{
    public static List<Command> Read(string script)
    {
        // A comment is an empty line, and an empty line ends a block: so a comment inside a block ends it too.
        string[] lines = [.. script.Split('\n').Select(line => line.Trim()).Select(line => line.StartsWith('#') ? "" : line)];
        List<Command> commands = [];
        for (int i = 0; i < lines.Length;)
        {
            if (lines[i].Length == 0)
            {
                i++;
                continue;
            }
            int end = i + 1;
            string word = lines[i].Split([' ', '\t'], 2)[0].ToLowerInvariant();
            if (word == "clear")
            {
                commands.Add(new ClearCommand(i + 1));
            }
            else
            {
                while (end < lines.Length && lines[end].Length > 0)
                    end++;
                commands.Add(word.StartsWith("load", StringComparison.Ordinal) ? Load(lines.AsSpan(i, end - i), i + 1)
                    : word.StartsWith("eval", StringComparison.Ordinal) ? Eval(lines.AsSpan(i, end - i), i + 1)
                    : throw new ScriptException(i + 1, $"there is no command {word}"));
            }
            i = end;
        }
        return commands;
    }

    private static LoadCommand Load(ReadOnlySpan<string> lines, int first)
    {
        Match head = LoadHead().Match(lines[0]);
        if (!head.Success)
            throw new ScriptException(first, "load needs a step: load 5m");
        long stepMs = ScriptTimes.Milliseconds(head.Groups["step"].Value, first);
        Dictionary<LabelSet, SeriesDescription> series = [];
        (LabelSet Labels, List<long?> Offsets)? starts = null;
        for (int i = 1; i < lines.Length; i++)
        {
            (LabelSet labels, string rest) = Metric(lines[i], first + i);
            if (rest.StartsWith("@st", StringComparison.Ordinal))
            {
                starts = (labels, SequenceReader.StartOffsets(rest[3..], first + i));
                continue;
            }
            List<DescribedValue> values = SequenceReader.Values(rest, first + i);
            if (starts is { } before && (before.Labels != labels || before.Offsets.Count != values.Count))
                throw new ScriptException(first + i, "start timestamps stand before a series of the same labels and length");
            series[labels] = new SeriesDescription(labels, values, starts?.Offsets);
            starts = null;
        }
        if (starts is not null)
            throw new ScriptException(first, "start timestamps without a series");
        return new LoadCommand(first, stepMs, [.. series.Values], head.Groups["nhcb"].Success);
    }

    private static EvalCommand Eval(ReadOnlySpan<string> lines, int first)
    {
        EvalCommand command = EvalHead(lines[0], first);
        List<Expectation> expectations = [.. command.Expectations];
        List<SeriesDescription> series = [];
        DescribedValue? scalar = null;
        string? text = null;
        (long, long, long)? range = null;
        for (int i = 1; i < lines.Length; i++)
        {
            string line = lines[i];
            int number = first + i;
            if (RangeVectorLine().Match(line) is { Success: true } times)
                range = (ScriptTimes.Milliseconds(times.Groups["from"].Value, number), ScriptTimes.Milliseconds(times.Groups["to"].Value, number),
                    ScriptTimes.Milliseconds(times.Groups["step"].Value, number));
            else if (StringLine().Match(line) is { Success: true } quoted)
                text = Unquote(quoted.Groups["text"].Value, number);
            else if (ExpectLine().Match(line) is { Success: true } expect)
                expectations.Add(new Expectation(
                    Enum.Parse<ExpectationKind>(expect.Groups["kind"].Value.Replace("_", "", StringComparison.Ordinal), ignoreCase: true),
                    expect.Groups["text"].Success ? expect.Groups["text"].Value.Trim() : null, expect.Groups["how"].Value == "regex"));
            else if (line.StartsWith("expect ", StringComparison.Ordinal))
                throw new ScriptException(number, $"unknown expectation: {line}");
            else if (line.StartsWith("expected_fail_", StringComparison.Ordinal))
                expectations.Add(new Expectation(ExpectationKind.Fail, line[line.IndexOf(' ', StringComparison.Ordinal)..].Trim(),
                    line.StartsWith("expected_fail_regexp", StringComparison.Ordinal)));
            else if (SequenceReader.TryNumber(line, out double value))
            {
                scalar = DescribedValue.Of(value);
                break;
            }
            else
            {
                (LabelSet labels, string rest) = Metric(line, number);
                List<DescribedValue> values = SequenceReader.Values(rest, number);
                if (command.IsInstant && range is null && values.Count != 1)
                    throw new ScriptException(number, "an instant vector has one value a series");
                series.Add(new SeriesDescription(labels, values));
            }
        }
        if (expectations.Count(expectation => expectation.Kind == ExpectationKind.Fail) > 1 && !command.Has(ExpectationKind.Fail))
            throw new ScriptException(first, "a query fails once");
        if (Both(ExpectationKind.Warn, ExpectationKind.NoWarn) || Both(ExpectationKind.Info, ExpectationKind.NoInfo))
            throw new ScriptException(first, "something is expected and not expected");
        return command with { Expectations = expectations, Series = series, Scalar = scalar, Text = text, RangeVector = range };

        bool Both(ExpectationKind one, ExpectationKind other) =>
            expectations.Exists(expectation => expectation.Kind == one) && expectations.Exists(expectation => expectation.Kind == other);
    }

    private static EvalCommand EvalHead(string line, int first)
    {
        Match head = InstantHead().Match(line);
        EvalCommand command;
        if (head.Success)
        {
            long at = ScriptTimes.Milliseconds(head.Groups["at"].Value, first);
            command = new EvalCommand(first, head.Groups["query"].Value, at, at, 0) { Expectations = [], Series = [] };
        }
        else
        {
            head = RangeHead().Match(line);
            if (!head.Success)
                throw new ScriptException(first, $"no eval command: {line}");
            long Time(string name) => ScriptTimes.Milliseconds(head.Groups[name].Value, first);
            command = new EvalCommand(first, head.Groups["query"].Value, Time("from"), Time("to"), Time("step")) { Expectations = [], Series = [] };
        }
        return head.Groups["kind"].Success
            ? command with { Expectations = [new Expectation(Enum.Parse<ExpectationKind>(head.Groups["kind"].Value, ignoreCase: true))] }
            : command;
    }

    private static (LabelSet Labels, string Values) Metric(string line, int number)
    {
        int end = 0;
        bool isQuoted = false, isInBraces = false;
        for (; end < line.Length; end++)
        {
            char c = line[end];
            if (isQuoted)
            {
                if (c == '\\')
                    end++;
                else if (c == '"')
                    isQuoted = false;
            }
            else if (c == '"')
                isQuoted = true;
            else if (c == '{')
                isInBraces = true;
            else if (c == '}')
            {
                end++;
                break;
            }
            else if (!isInBraces && c is ' ' or '\t')
            {
                if (line[end..].TrimStart().StartsWith('{') && !line[end..].TrimStart().StartsWith("{{", StringComparison.Ordinal))
                    continue;
                break;
            }
            else if (!isInBraces && c == '@')
                break;
        }
        try
        {
            return (Labels(line[..end].Trim()), line[end..].Trim());
        }
        catch (PromQlException exception)
        {
            throw new ScriptException(number, $"{line[..end]}: {exception.Message}");
        }
    }

    private static LabelSet Labels(string metric)
    {
        List<Label> labels = [];
        foreach (Matcher matcher in PromQlParser.ParseSelector(metric, ParserOptions.Everything))
            labels.Add(new Label(matcher.Name, matcher.Value));
        return LabelSet.From(labels);
    }

    private static string Unquote(string text, int line) =>
        PromQlParser.Parse(text, ParserOptions.Everything) is PromQL.Syntax.StringLiteral literal ? literal.Value : throw new ScriptException(line, "no string");

    [GeneratedRegex(@"^load(?<nhcb>_with_nhcb)?\s+(?<step>\S+)$", RegexOptions.IgnoreCase)]
    private static partial Regex LoadHead();

    [GeneratedRegex(@"^eval(?:_(?<kind>fail|warn|ordered|info))?\s+instant\s+at\s+(?<at>\S+)\s+(?<query>.+)$", RegexOptions.IgnoreCase)]
    private static partial Regex InstantHead();

    [GeneratedRegex(@"^eval(?:_(?<kind>fail|warn|info))?\s+range\s+from\s+(?<from>\S+)\s+to\s+(?<to>\S+)\s+step\s+(?<step>\S+)\s+(?<query>.+)$", RegexOptions.IgnoreCase)]
    private static partial Regex RangeHead();

    [GeneratedRegex(@"^expect\s+range\s+vector\s+from\s+(?<from>\S+)\s+to\s+(?<to>\S+)\s+step\s+(?<step>\S+)$")]
    private static partial Regex RangeVectorLine();

    [GeneratedRegex(@"^expect\s+string\s+(?<text>.+)$")]
    private static partial Regex StringLine();

    [GeneratedRegex(@"^expect\s+(?<kind>fail|warn|info|no_warn|no_info|ordered)(?:\s+(?<how>msg|regex):(?<text>.+))?$")]
    private static partial Regex ExpectLine();
}
