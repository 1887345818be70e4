using System.Text.Json;
using Observability.Model;
using Observability.PromQL.Lexing;
using Observability.PromQL.Syntax;

namespace Observability.PromQL;

/// <summary>A tree as the JSON of <c>/api/v1/parse_query</c>, keys in alphabetical order. Durations and times are in milliseconds.</summary>
public static class SyntaxJson
{
    public static void Write(Utf8JsonWriter json, Expression expression)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(expression);
        switch (expression)
        {
            case StepInvariantExpression invariant:
                Write(json, invariant.Operand);
                return;
            case AggregateExpression aggregate:
                json.WriteStartObject();
                WriteNode(json, "expr", aggregate.Operand);
                WriteList(json, "grouping", aggregate.Grouping);
                json.WriteString("op", aggregate.Operator.Text());
                WriteNode(json, "param", aggregate.Parameter);
                json.WriteString("type", "aggregation");
                json.WriteBoolean("without", aggregate.Without);
                break;
            case BinaryExpression binary:
                json.WriteStartObject();
                json.WriteBoolean("bool", binary.ReturnBool);
                WriteNode(json, "lhs", binary.Left);
                WriteMatching(json, binary.Matching);
                json.WriteString("op", binary.Operator.Text());
                WriteNode(json, "rhs", binary.Right);
                json.WriteString("type", "binaryExpr");
                break;
            case CallExpression call:
                json.WriteStartObject();
                WriteCall(json, call);
                json.WriteString("type", "call");
                break;
            case VectorSelector selector:
                json.WriteStartObject();
                WriteSelector(json, selector, null);
                json.WriteString("type", "vectorSelector");
                break;
            case MatrixSelector matrix:
                json.WriteStartObject();
                WriteSelector(json, matrix.Selector, matrix.RangeMs);
                json.WriteString("type", "matrixSelector");
                break;
            case SubqueryExpression subquery:
                json.WriteStartObject();
                WriteNode(json, "expr", subquery.Operand);
                json.WriteNumber("offset", subquery.OffsetMs);
                json.WriteNumber("range", subquery.RangeMs);
                WriteStartOrEnd(json, subquery.At);
                json.WriteNumber("step", subquery.StepMs);
                WriteTimestamp(json, subquery.At);
                json.WriteString("type", "subquery");
                break;
            case NumberLiteral number:
                json.WriteStartObject();
                json.WriteString("type", "numberLiteral");
                json.WriteString("val", GoNumbers.Format(number.Value));
                break;
            case StringLiteral text:
                json.WriteStartObject();
                json.WriteString("type", "stringLiteral");
                json.WriteString("val", text.Value);
                break;
            case ParenthesesExpression parentheses:
                json.WriteStartObject();
                WriteNode(json, "expr", parentheses.Operand);
                json.WriteString("type", "parenExpr");
                break;
            case UnaryExpression unary:
                json.WriteStartObject();
                WriteNode(json, "expr", unary.Operand);
                json.WriteString("op", unary.Negates ? "-" : "+");
                json.WriteString("type", "unaryExpr");
                break;
            default:
                throw new ArgumentException($"A {expression.GetType().Name} has no form of its own.", nameof(expression));
        }
        json.WriteEndObject();
    }

    private static void WriteNode(Utf8JsonWriter json, string name, Expression? expression)
    {
        json.WritePropertyName(name);
        if (expression is null)
            json.WriteNullValue();
        else
            Write(json, expression);
    }

    private static void WriteCall(Utf8JsonWriter json, CallExpression call)
    {
        json.WriteStartArray("args");
        foreach (Expression argument in call.Arguments)
            Write(json, argument);
        json.WriteEndArray();
        json.WriteStartObject("func");
        WriteList(json, "argTypes", call.Function.ArgumentTypes.Select(type => type.Name()));
        json.WriteString("name", call.Function.Name);
        json.WriteString("returnType", call.Function.ReturnType.Name());
        json.WriteNumber("variadic", call.Function.Variadic);
        json.WriteEndObject();
    }

    private static void WriteSelector(Utf8JsonWriter json, VectorSelector selector, long? rangeMs)
    {
        json.WriteBoolean("anchored", selector.Anchored);
        json.WriteStartArray("matchers");
        foreach (Matcher matcher in selector.Matchers)
        {
            json.WriteStartObject();
            json.WriteString("name", matcher.Name);
            json.WriteString("type", matcher.Operator switch { MatchOperator.Equal => "=", MatchOperator.NotEqual => "!=", MatchOperator.Regex => "=~", _ => "!~" });
            json.WriteString("value", matcher.Value);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteString("name", selector.Name);
        json.WriteNumber("offset", selector.OffsetMs);
        if (rangeMs is { } range)
            json.WriteNumber("range", range);
        json.WriteBoolean("smoothed", selector.Smoothed);
        WriteStartOrEnd(json, selector.At);
        WriteTimestamp(json, selector.At);
    }

    private static void WriteMatching(Utf8JsonWriter json, VectorMatching? matching)
    {
        if (matching is null)
        {
            json.WriteNull("matching");
            return;
        }
        json.WriteStartObject("matching");
        json.WriteString("card", matching.Cardinality.Name());
        json.WriteStartObject("fillValues");
        WriteFill(json, "lhs", matching.FillLeft);
        WriteFill(json, "rhs", matching.FillRight);
        json.WriteEndObject();
        WriteList(json, "include", matching.Include);
        WriteList(json, "labels", matching.Labels);
        json.WriteBoolean("on", matching.On);
        json.WriteEndObject();
    }

    private static void WriteFill(Utf8JsonWriter json, string name, double? value)
    {
        if (value is not { } number)
            json.WriteNull(name);
        else if (double.IsFinite(number))
            json.WriteNumber(name, number);
        else
            json.WriteString(name, GoNumbers.Format(number)); // JSON has no number for it
    }

    private static void WriteStartOrEnd(Utf8JsonWriter json, AtModifier? at)
    {
        if (at is { Kind: AtKind.Start or AtKind.End })
            json.WriteString("startOrEnd", at.Kind == AtKind.Start ? "start" : "end");
        else
            json.WriteNull("startOrEnd");
    }

    private static void WriteTimestamp(Utf8JsonWriter json, AtModifier? at)
    {
        if (at is { Kind: AtKind.Time })
            json.WriteNumber("timestamp", at.TimestampMs);
        else
            json.WriteNull("timestamp");
    }

    private static void WriteList(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
