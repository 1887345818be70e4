using Observability.PromQL.Lexing;
using Observability.PromQL.Syntax;

namespace Observability.PromQL.Parsing;

/// <summary>Durations and their arithmetic: in brackets and behind <c>offset</c>.</summary>
internal static class DurationParser
{
    /// <summary>Of a range or step: a literal must be positive.</summary>
    /// <returns>A <see cref="NumberLiteral"/> or <see cref="DurationExpression"/>.</returns>
    public static Expression Positive(TokenReader tokens)
    {
        Expression duration = Arithmetic(tokens, 0);
        if (duration is NumberLiteral { Value: not > 0 })
            throw tokens.Error(duration.Position, "duration must be greater than 0");
        return duration;
    }

    /// <summary>Behind <c>offset</c>, where a literal or a call ends the duration: <c>a offset 1m + 1</c> is a sum.</summary>
    /// <returns>A <see cref="NumberLiteral"/> or <see cref="DurationExpression"/>.</returns>
    public static Expression Offset(TokenReader tokens)
    {
        if (tokens.Kind == TokenKind.LeftParenthesis)
            return Arithmetic(tokens, 0);
        if (!tokens.Kind.IsSign())
            return Primary(tokens);

        Token sign = tokens.Current;
        if (IsSignAhead(tokens))
            return Arithmetic(tokens, 0);
        tokens.Take();
        Expression operand = Primary(tokens);
        if (operand is DurationExpression { IsWrapped: false } call)
            return new DurationExpression(sign.Kind == TokenKind.Subtract ? DurationOperator.Subtract : DurationOperator.Add, null, call)
            {
                Position = new PositionRange(sign.Start, call.Position.End),
                Depth = call.Depth + 1,
            };
        return Signed(tokens, sign, operand);
    }

    /// <summary>Milliseconds of a literal, as Prometheus rounds them.</summary>
    public static long Milliseconds(Expression duration) =>
        duration is NumberLiteral literal ? (long)Math.Round(literal.Value * 1e9, MidpointRounding.AwayFromZero) / 1_000_000 : 0;

    private static Expression Arithmetic(TokenReader tokens, int minimum)
    {
        tokens.Enter();
        Expression left;
        if (tokens.Kind.IsSign())
        {
            Token sign = tokens.Take();
            left = Signed(tokens, sign, Arithmetic(tokens, Precedence(TokenKind.Power)));
        }
        else
            left = Primary(tokens);

        while (Precedence(tokens.Kind) is var precedence && precedence > 0 && precedence >= minimum)
        {
            Token token = tokens.Take();
            Expression right = Arithmetic(tokens, token.Kind == TokenKind.Power ? precedence : precedence + 1);
            CheckEnabled(tokens, left);
            if (right is NumberLiteral { Value: 0 } && token.Kind is TokenKind.Divide or TokenKind.Modulo)
                throw tokens.Error(token.Position, token.Kind == TokenKind.Divide ? "division by zero" : "modulo by zero");
            left = new DurationExpression(OperatorOf(token.Kind), left, right)
            {
                Position = PositionRange.Merge(left.Position, right.Position),
                Depth = Math.Max(left.Depth, right.Depth) + 1,
            };
            if (left.Depth > tokens.Options.MaxDepth)
                throw tokens.TooDeep(left.Position);
        }
        tokens.Leave();
        return left;
    }

    private static Expression Primary(TokenReader tokens)
    {
        Token token = tokens.Current;
        switch (token.Kind)
        {
            case TokenKind.Step or TokenKind.Range:
                tokens.Take();
                tokens.Expect(TokenKind.LeftParenthesis);
                return Enabled(tokens, new DurationExpression(OperatorOf(token.Kind), null, null)
                {
                    Position = new PositionRange(token.Start, tokens.Expect(TokenKind.RightParenthesis).End),
                });
            case TokenKind.MinOf or TokenKind.MaxOf:
                tokens.Take();
                tokens.Expect(TokenKind.LeftParenthesis);
                Expression left = Arithmetic(tokens, 0);
                tokens.Expect(TokenKind.Comma);
                Expression right = Arithmetic(tokens, 0);
                return Enabled(tokens, new DurationExpression(OperatorOf(token.Kind), left, right)
                {
                    Position = new PositionRange(token.Start, tokens.Expect(TokenKind.RightParenthesis).End),
                    Depth = Math.Max(left.Depth, right.Depth) + 1,
                });
            case TokenKind.LeftParenthesis:
                tokens.Take();
                Expression inner = Arithmetic(tokens, 0);
                int end = tokens.Expect(TokenKind.RightParenthesis).End;
                CheckEnabled(tokens, inner);
                return inner is DurationExpression expression ? expression with { IsWrapped = true }
                    : new DurationExpression(DurationOperator.Add, null, inner) { IsWrapped = true, Position = new PositionRange(token.Start, end), Depth = 2 };
            default:
                NumberLiteral number = LiteralParser.Number(tokens);
                CheckRange(tokens, number, token.Position);
                return number;
        }
    }

    private static Expression Signed(TokenReader tokens, Token sign, Expression operand)
    {
        if (operand is NumberLiteral number)
        {
            number = LiteralParser.Signed(sign, number);
            CheckRange(tokens, number, sign.Position);
            return number;
        }
        return sign.Kind == TokenKind.Add ? operand : new DurationExpression(DurationOperator.Subtract, null, operand)
        {
            Position = new PositionRange(sign.Start, operand.Position.End),
            Depth = operand.Depth + 1,
        };
    }

    private static bool IsSignAhead(TokenReader tokens)
    {
        int at = tokens.Current.End;
        while (at < tokens.Text.Length && Lexer.IsSpace(tokens.Text[at]))
            at++;
        return at < tokens.Text.Length && tokens.Text[at] is '+' or '-';
    }

    private static void CheckRange(TokenReader tokens, NumberLiteral number, PositionRange position)
    {
        const double Most = 9223372036854775808.0 / 1e9; // nanoseconds in 63 bits
        if (number.Value is > Most or < -Most)
            throw tokens.Error(position, "duration out of range");
    }

    private static DurationExpression Enabled(TokenReader tokens, DurationExpression expression)
    {
        CheckEnabled(tokens, expression);
        return expression;
    }

    private static void CheckEnabled(TokenReader tokens, Expression expression)
    {
        if (!tokens.Options.DurationExpressions)
            throw tokens.Error(expression.Position, "experimental duration expression is not enabled");
    }

    private static int Precedence(TokenKind kind) => kind switch
    {
        TokenKind.Add or TokenKind.Subtract => 1,
        TokenKind.Multiply or TokenKind.Divide or TokenKind.Modulo => 2,
        TokenKind.Power => 3,
        _ => 0,
    };

    private static DurationOperator OperatorOf(TokenKind kind) => kind switch
    {
        TokenKind.Add => DurationOperator.Add,
        TokenKind.Subtract => DurationOperator.Subtract,
        TokenKind.Multiply => DurationOperator.Multiply,
        TokenKind.Divide => DurationOperator.Divide,
        TokenKind.Modulo => DurationOperator.Modulo,
        TokenKind.Power => DurationOperator.Power,
        TokenKind.Step => DurationOperator.Step,
        TokenKind.Range => DurationOperator.Range,
        TokenKind.MinOf => DurationOperator.MinOf,
        _ => DurationOperator.MaxOf,
    };
}
