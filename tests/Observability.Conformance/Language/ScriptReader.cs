using System.Text.RegularExpressions;
using Observability.Model;
using Observability.PromQL;

namespace Observability.Conformance.Language;

/// <summary>Reads a script of the promqltest language. A block that is not in the language becomes a <see cref="BrokenCommand"/>.</summary>
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
                commands.Add(Block(word, lines.AsSpan(i, end - i), i + 1));
            }
            i = end;
        }
        return commands;
    }

    private static Command Block(string word, ReadOnlySpan<string> lines, int first)
    {
        try
        {
            return word.StartsWith("load", StringComparison.Ordinal) ? Load(lines, first)
                : word.StartsWith("eval", StringComparison.Ordinal) ? Eval(lines, first)
                : throw new ScriptException(first, $"there is no command {word}");
        }
        catch (ScriptException exception)
        {
            return new BrokenCommand(first, lines[0], exception.Message);
        }
    }

    private static LoadCommand Load(ReadOnlySpan<string> lines, int first)
    {
        Match head = LoadHead().Match(lines[0]);
        if (!head.Success)
            throw new ScriptException(first, "load needs a step: load 5m");
        long stepMs = ScriptTimes.Milliseconds(head.Groups["step"].Value, first);
        Dictionary<LabelSet, SeriesDescription> series = [];
        List<long?> always = [];
        (LabelSet Labels, List<long?> Offsets)? starts = null;
        for (int i = 1; i < lines.Length; i++)
        {
            if (lines[i].StartsWith("@st", StringComparison.Ordinal))
            {
                always = SequenceReader.StartOffsets(lines[i][3..], first + i);
                continue;
            }
            (LabelSet labels, string rest) = Metric(lines[i], first + i);
            if (rest.StartsWith("@st", StringComparison.Ordinal))
            {
                if (starts is not null)
                    throw new ScriptException(first + i, "start timestamps without a series");
                starts = (labels, SequenceReader.StartOffsets(rest[3..], first + i));
                continue;
            }
            List<DescribedValue> values = SequenceReader.Values(rest, first + i);
            if (starts is { } before && (before.Labels != labels || before.Offsets.Count != values.Count))
                throw new ScriptException(first + i, "start timestamps stand before a series of the same labels and length");
            series[labels] = new SeriesDescription(labels, values, starts?.Offsets ?? Cycle(always, values.Count));
            starts = null;
        }
        if (starts is not null)
            throw new ScriptException(first, "start timestamps without a series");
        return new LoadCommand(first, stepMs, [.. series.Values], head.Groups["nhcb"].Success);
    }

    /// <summary>Start timestamps that a line without a metric gave to all series behind it.</summary>
    private static List<long?>? Cycle(List<long?> offsets, int count) =>
        offsets.Count == 0 ? null : [.. Enumerable.Range(0, count).Select(i => offsets[i % offsets.Count])];

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
                if (values.Count == 0)
                    throw new ScriptException(number, "a series without a value");
                series.RemoveAll(other => other.Labels == labels);
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
        int end = EndOfMetric(line, number);
        try
        {
            return (Labels(line[..end], number), line[end..].Trim());
        }
        catch (Exception exception) when (exception is PromQlException or ArgumentException)
        {
            throw new ScriptException(number, $"{line[..end]}: {exception.Message}");
        }
    }

    /// <summary>Behind the closing brace; without braces, at the first space or <c>@</c>.</summary>
    private static int EndOfMetric(string line, int number)
    {
        int end = line.IndexOfAny([' ', '\t', '@', '{']);
        if (end < 0)
            return line.Length;
        if (line[end] is ' ' or '\t' && line.AsSpan(end).TrimStart() is ['{', not '{', ..])
            end = line.IndexOf('{', end);
        if (line[end] != '{')
            return end;
        char quote = '\0';
        for (int i = end + 1; i < line.Length; i++)
        {
            char c = line[i];
            if (quote != '\0' && c == '\\' && quote != '`')
                i++;
            else if (quote != '\0')
                quote = c == quote ? '\0' : quote;
            else if (c is '"' or '\'' or '`')
                quote = c;
            else if (c == '}')
                return i + 1;
        }
        throw new ScriptException(number, $"the braces of {line} are not closed");
    }

    private static LabelSet Labels(string metric, int line)
    {
        IReadOnlyList<Matcher> matchers = PromQlParser.ParseSelector(metric, ParserOptions.Everything);
        return matchers.All(matcher => matcher.Operator == MatchOperator.Equal)
            ? LabelSet.From(matchers.Select(matcher => new Label(matcher.Name, matcher.Value)))
            : throw new ScriptException(line, $"{metric} says what labels match; a series has labels");
    }

    private static string Unquote(string text, int line)
    {
        try
        {
            if (PromQlParser.Parse(text, ParserOptions.Everything) is PromQL.Syntax.StringLiteral literal)
                return literal.Value;
        }
        catch (PromQlException)
        {
            // Said below.
        }
        throw new ScriptException(line, $"{text} is no quoted string");
    }

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
