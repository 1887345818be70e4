using System.Globalization;
using System.Text;
using Observability.Model;
using Observability.PromQL.Lexing;
using Observability.PromQL.Syntax;

namespace Observability.PromQL.Printing;

/// <summary>Writes a tree on one line, in the form of Prometheus' <c>String()</c>.</summary>
/// <param name="text">Where to.</param>
/// <param name="enough">Length behind which the rest may be left out.</param>
internal readonly struct TreeWriter(StringBuilder text, int enough = int.MaxValue)
{
    /// <param name="expression">What to write.</param>
    /// <param name="follower">
    /// The operator that will stand behind it, where one will: a sign before a number would take in a power, and behind a duration in
    /// parentheses arithmetic would belong to the duration.
    /// </param>
    public void Write(Expression expression, BinaryOperator? follower = null)
    {
        if (text.Length > enough)
            return;
        switch (expression)
        {
            case NumberLiteral { Value: double.PositiveInfinity } when follower == BinaryOperator.Power:
                text.Append("Inf");
                break;
            case NumberLiteral number:
                WriteNumber(number);
                break;
            case StringLiteral literal:
                GoStrings.AppendQuoted(text, literal.Value);
                break;
            case VectorSelector selector:
                WriteSeries(selector);
                WriteAt(selector.At);
                WriteExtension(selector);
                WriteOffset(selector.OffsetMs, selector.OffsetExpression, follower);
                break;
            case MatrixSelector matrix:
                WriteSeries(matrix.Selector);
                text.Append('[');
                WriteDuration(matrix.RangeMs, matrix.RangeExpression);
                text.Append(']');
                WriteExtension(matrix.Selector);
                WriteAt(matrix.Selector.At);
                WriteOffset(matrix.Selector.OffsetMs, matrix.Selector.OffsetExpression, follower);
                break;
            case SubqueryExpression subquery:
                Write(subquery.Operand);
                WriteSubquerySuffix(subquery, follower);
                break;
            case UnaryExpression unary:
                text.Append(unary.Negates ? '-' : '+');
                Write(unary.Operand, follower);
                break;
            case BinaryExpression binary:
                Write(binary.Left, binary.Operator);
                text.Append(' ');
                WriteOperator(binary);
                text.Append(' ');
                Write(binary.Right, follower);
                break;
            case AggregateExpression aggregate:
                WriteAggregateHead(aggregate);
                text.Append('(');
                if (aggregate.Parameter is not null)
                {
                    Write(aggregate.Parameter);
                    text.Append(", ");
                }
                Write(aggregate.Operand);
                text.Append(')');
                break;
            case CallExpression call:
                text.Append(call.Function.Name).Append('(');
                for (int i = 0; i < call.Arguments.Count; i++)
                {
                    if (i > 0)
                        text.Append(", ");
                    Write(call.Arguments[i]);
                }
                text.Append(')');
                break;
            case ParenthesesExpression parentheses:
                text.Append('(');
                Write(parentheses.Operand);
                text.Append(')');
                break;
            case StepInvariantExpression invariant:
                Write(invariant.Operand, follower);
                break;
            case DurationExpression duration:
                WriteDurationExpression(duration);
                break;
        }
    }

    /// <summary><c>sum by (pod) </c></summary>
    public void WriteAggregateHead(AggregateExpression aggregate)
    {
        text.Append(aggregate.Operator.Text());
        if (!aggregate.Without && aggregate.Grouping.Count == 0)
            return;
        text.Append(aggregate.Without ? " without (" : " by (");
        WriteLabels(aggregate.Grouping);
        text.Append(") ");
    }

    /// <summary><c>== bool on (pod) group_left ()</c></summary>
    public void WriteOperator(BinaryExpression binary)
    {
        text.Append(binary.Operator.Text());
        if (binary.ReturnBool)
            text.Append(" bool");
        if (binary.Matching is not { } matching)
            return;
        bool groups = matching.Cardinality is MatchCardinality.ManyToOne or MatchCardinality.OneToMany;
        if (matching.Labels.Count > 0 || matching.On || groups)
        {
            text.Append(matching.On ? " on (" : " ignoring (");
            WriteLabels(matching.Labels);
            text.Append(')');
        }
        if (groups)
        {
            text.Append(matching.Cardinality == MatchCardinality.ManyToOne ? " group_left (" : " group_right (");
            WriteLabels(matching.Include);
            text.Append(')');
        }
        if (matching.FillLeft is { } both && matching.FillRight is { } right
            && BitConverter.DoubleToInt64Bits(both) == BitConverter.DoubleToInt64Bits(right))
            text.Append(" fill (").Append(GoNumbers.FormatShort(both)).Append(')');
        else
        {
            if (matching.FillLeft is { } fillLeft)
                text.Append(" fill_left (").Append(GoNumbers.FormatShort(fillLeft)).Append(')');
            if (matching.FillRight is { } fillRight)
                text.Append(" fill_right (").Append(GoNumbers.FormatShort(fillRight)).Append(')');
        }
    }

    /// <summary><c>[5m:1m] @ 12.000 offset 1h</c></summary>
    public void WriteSubquerySuffix(SubqueryExpression subquery, BinaryOperator? follower)
    {
        text.Append('[');
        WriteDuration(subquery.RangeMs, subquery.RangeExpression);
        text.Append(':');
        if (subquery.StepMs != 0 || subquery.StepExpression is not null)
            WriteDuration(subquery.StepMs, subquery.StepExpression);
        text.Append(']');
        WriteAt(subquery.At);
        WriteOffset(subquery.OffsetMs, subquery.OffsetExpression, follower);
    }

    private void WriteNumber(NumberLiteral number)
    {
        if (!number.IsDuration)
        {
            text.Append(GoNumbers.Format(number.Value));
            return;
        }
        if (number.Value < 0)
            text.Append('-');
        QueryDurations.Append(text, (long)(Math.Abs(number.Value) * 1e9) / 1_000_000);
    }

    private void WriteSeries(VectorSelector selector)
    {
        text.Append(selector.Name);
        List<string>? shown = null;
        foreach (Matcher matcher in selector.Matchers)
        {
            // The name that stands in front is not repeated.
            if (matcher.Name == LabelNames.MetricName && matcher.Operator == MatchOperator.Equal && matcher.Value == selector.Name && matcher.Value.Length > 0)
                continue;
            (shown ??= []).Add(MatcherText(matcher));
        }
        if (shown is null)
            return;
        shown.Sort(string.CompareOrdinal);
        text.Append('{').AppendJoin(',', shown).Append('}');
    }

    private static string MatcherText(Matcher matcher)
    {
        var one = new StringBuilder();
        new TreeWriter(one).WriteLabel(matcher.Name);
        one.Append(matcher.Operator switch { MatchOperator.Equal => "=", MatchOperator.NotEqual => "!=", MatchOperator.Regex => "=~", _ => "!~" });
        GoStrings.AppendQuoted(one, matcher.Value);
        return one.ToString();
    }

    private void WriteAt(AtModifier? at)
    {
        if (at is null)
            return;
        text.Append(" @ ");
        if (at.Kind == AtKind.Time)
            text.Append((at.TimestampMs / 1000.0).ToString("F3", CultureInfo.InvariantCulture));
        else
            text.Append(at.Kind == AtKind.Start ? "start()" : "end()");
    }

    private void WriteExtension(VectorSelector selector)
    {
        if (selector.Anchored)
            text.Append(" anchored");
        else if (selector.Smoothed)
            text.Append(" smoothed");
    }

    private void WriteOffset(long offsetMs, DurationExpression? expression, BinaryOperator? follower)
    {
        if (offsetMs == 0 && expression is null)
            return;
        text.Append(" offset ");
        if (expression is { IsWrapped: true } && follower is <= BinaryOperator.Power)
            text.Append('+');
        if (expression is null && offsetMs < 0)
        {
            text.Append('-');
            offsetMs = -offsetMs;
        }
        WriteDuration(offsetMs, expression);
    }

    private void WriteDuration(long milliseconds, DurationExpression? expression)
    {
        if (expression is null)
            QueryDurations.Append(text, milliseconds);
        else
            WriteDurationExpression(expression);
    }

    private void WriteDurationExpression(DurationExpression duration)
    {
        if (duration.IsWrapped)
            text.Append('(');
        switch (duration)
        {
            case { Operator: DurationOperator.Step }:
                text.Append("step()");
                break;
            case { Operator: DurationOperator.Range }:
                text.Append("range()");
                break;
            case { Operator: DurationOperator.MinOf or DurationOperator.MaxOf, Left: not null, Right: not null }:
                text.Append(duration.Operator == DurationOperator.MinOf ? "min_of(" : "max_of(");
                Write(duration.Left);
                text.Append(", ");
                Write(duration.Right);
                text.Append(')');
                break;
            case { Right: not null }:
                if (duration.Left is not null)
                {
                    Write(duration.Left);
                    text.Append(' ').Append(Symbol(duration.Operator)).Append(' ');
                }
                else if (duration.Operator == DurationOperator.Subtract)
                    text.Append('-');
                Write(duration.Right);
                break;
        }
        if (duration.IsWrapped)
            text.Append(')');
    }

    private static char Symbol(DurationOperator @operator) => @operator switch
    {
        DurationOperator.Add => '+',
        DurationOperator.Subtract => '-',
        DurationOperator.Multiply => '*',
        DurationOperator.Divide => '/',
        DurationOperator.Modulo => '%',
        _ => '^',
    };

    private void WriteLabels(IReadOnlyList<string> labels)
    {
        for (int i = 0; i < labels.Count; i++)
        {
            if (i > 0)
                text.Append(", ");
            WriteLabel(labels[i]);
        }
    }

    /// <summary>Quoted where it is no plain name.</summary>
    private void WriteLabel(string label)
    {
        bool isPlain = label.Length > 0 && !char.IsAsciiDigit(label[0]);
        foreach (char c in label)
            isPlain &= char.IsAsciiLetterOrDigit(c) || c == '_';
        if (isPlain)
            text.Append(label);
        else
            GoStrings.AppendQuoted(text, label);
    }
}
