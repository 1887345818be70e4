using Observability.PromQL.Lexing;
using Observability.PromQL.Syntax;

namespace Observability.PromQL.Parsing;

/// <summary>What stands behind an operand: ranges, subqueries, <c>offset</c>, <c>@</c>, <c>anchored</c>, <c>smoothed</c>.</summary>
internal static class ModifierParser
{
    public static Expression Apply(TokenReader tokens, Expression operand)
    {
        while (true)
        {
            switch (tokens.Kind)
            {
                case TokenKind.LeftBracket:
                    operand = Bracket(tokens, operand);
                    break;
                case TokenKind.Offset:
                    operand = Offset(tokens, operand);
                    break;
                case TokenKind.At:
                    operand = At(tokens, operand);
                    break;
                case TokenKind.Anchored or TokenKind.Smoothed:
                    operand = Extend(tokens, operand, tokens.Take().Kind == TokenKind.Anchored);
                    break;
                default:
                    return operand;
            }
            if (operand.Depth > tokens.Options.MaxDepth)
                throw tokens.TooDeep(operand.Position);
        }
    }

    private static Expression Bracket(TokenReader tokens, Expression operand)
    {
        ErrorContext outer = tokens.Context;
        tokens.Context = ErrorContext.Range;
        Token open = tokens.Take();
        Expression range = DurationParser.Positive(tokens);
        Expression result;
        if (tokens.TryTake(TokenKind.Colon))
        {
            tokens.Context = ErrorContext.SubqueryStep;
            Expression? step = tokens.Kind == TokenKind.RightBracket ? null : DurationParser.Positive(tokens);
            int end = tokens.Expect(TokenKind.RightBracket, step is null ? ErrorContext.SubqueryStep : ErrorContext.AfterSubqueryStep).End;
            result = new SubqueryExpression(operand, DurationParser.Milliseconds(range), step is null ? 0 : DurationParser.Milliseconds(step))
            {
                RangeExpression = range as DurationExpression,
                StepExpression = step as DurationExpression,
                Position = new PositionRange(operand.Position.Start, end),
                Depth = operand.Depth + 1,
            };
        }
        else
        {
            Token close = tokens.Expect(TokenKind.RightBracket, ErrorContext.AfterRange);
            var selector = operand as VectorSelector;
            string? error = selector is null ? "ranges only allowed for vector selectors"
                : selector.OffsetMs != 0 || selector.OffsetExpression is not null ? "no offset modifiers allowed before range"
                : selector.At is not null ? "no @ modifiers allowed before range" : null;
            if (selector is null || error is not null)
                throw tokens.Error(PositionRange.Merge(open.Position, close.Position), error!); // not null where the selector is
            result = new MatrixSelector(selector, DurationParser.Milliseconds(range))
            {
                RangeExpression = range as DurationExpression,
                Position = new PositionRange(operand.Position.Start, close.End),
                Depth = 2,
            };
        }
        tokens.Context = outer;
        return result;
    }

    private static Expression Offset(TokenReader tokens, Expression operand)
    {
        ErrorContext outer = tokens.Context;
        tokens.Context = ErrorContext.Offset;
        tokens.Take();
        Expression duration = DurationParser.Offset(tokens);
        tokens.Context = outer;

        long offsetMs = DurationParser.Milliseconds(duration);
        var expression = duration as DurationExpression;
        bool isSet = operand switch
        {
            VectorSelector selector => selector.OffsetMs != 0 || selector.OffsetExpression is not null,
            MatrixSelector matrix => matrix.Selector.OffsetMs != 0 || matrix.Selector.OffsetExpression is not null,
            SubqueryExpression subquery => subquery.OffsetMs != 0 || subquery.OffsetExpression is not null,
            _ => throw tokens.Error(operand.Position,
                "offset modifier must be preceded by an instant vector selector or range vector selector or a subquery"),
        };
        if (isSet)
            throw tokens.Error(operand.Position, "offset may not be set multiple times");
        var position = new PositionRange(operand.Position.Start, tokens.LastClosing);
        return operand switch
        {
            VectorSelector selector => selector with { OffsetMs = offsetMs, OffsetExpression = expression, Position = position },
            MatrixSelector matrix => matrix with
            {
                Selector = matrix.Selector with { OffsetMs = offsetMs, OffsetExpression = expression },
                Position = position,
            },
            SubqueryExpression subquery => subquery with { OffsetMs = offsetMs, OffsetExpression = expression, Position = position },
            _ => operand,
        };
    }

    private static Expression At(TokenReader tokens, Expression operand)
    {
        ErrorContext outer = tokens.Context;
        tokens.Context = ErrorContext.At;
        tokens.Take();
        AtModifier at;
        if (tokens.Kind is TokenKind.Start or TokenKind.End)
        {
            at = new AtModifier(tokens.Take().Kind == TokenKind.Start ? AtKind.Start : AtKind.End);
            tokens.Expect(TokenKind.LeftParenthesis);
            tokens.Expect(TokenKind.RightParenthesis);
        }
        else
        {
            double seconds = LiteralParser.SignedNumber(tokens).Value;
            if (!(seconds < long.MaxValue && seconds > long.MinValue))
                throw tokens.Error(operand.Position, $"timestamp out of bounds for @ modifier: {Fixed(seconds)}");
            at = new AtModifier(AtKind.Time, (long)Math.Round(seconds * 1000, MidpointRounding.AwayFromZero));
        }
        tokens.Context = outer;

        AtModifier? set = operand switch
        {
            VectorSelector selector => selector.At,
            MatrixSelector matrix => matrix.Selector.At,
            SubqueryExpression subquery => subquery.At,
            _ => throw tokens.Error(operand.Position,
                "@ modifier must be preceded by an instant vector selector or range vector selector or a subquery"),
        };
        if (set is not null)
            throw tokens.Error(operand.Position, "@ <timestamp> may not be set multiple times");
        var position = new PositionRange(operand.Position.Start, tokens.LastClosing);
        return operand switch
        {
            VectorSelector selector => selector with { At = at, Position = position },
            MatrixSelector matrix => matrix with { Selector = matrix.Selector with { At = at }, Position = position },
            SubqueryExpression subquery => subquery with { At = at, Position = position },
            _ => operand,
        };
    }

    private static Expression Extend(TokenReader tokens, Expression operand, bool anchored)
    {
        string word = anchored ? "anchored" : "smoothed";
        if (!tokens.Options.ExtendedRangeSelectors)
            throw tokens.Error(operand.Position, $"{word} modifier is experimental and not enabled");
        VectorSelector selector = operand switch
        {
            VectorSelector vector => vector,
            MatrixSelector matrix => matrix.Selector,
            SubqueryExpression => throw tokens.Error(operand.Position, $"{word} modifier is not supported for subqueries"),
            _ => throw tokens.Error(operand.Position, $"{word} modifier not implemented"),
        };
        if (anchored ? selector.Smoothed : selector.Anchored)
            throw tokens.Error(operand.Position, "anchored and smoothed modifiers cannot be used together");
        selector = anchored ? selector with { Anchored = true } : selector with { Smoothed = true };
        Expression extended = operand is MatrixSelector range ? range with { Selector = selector } : selector;
        return extended;
    }

    /// <summary>As <c>%f</c>.</summary>
    private static string Fixed(double value) =>
        double.IsFinite(value) ? value.ToString("F6", System.Globalization.CultureInfo.InvariantCulture) : GoNumbers.Format(value);
}
