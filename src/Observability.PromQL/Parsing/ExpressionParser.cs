using Observability.PromQL.Functions.Signatures;
using Observability.PromQL.Lexing;
using Observability.PromQL.Syntax;

namespace Observability.PromQL.Parsing;

/// <summary>Operands and operators, by precedence climbing.</summary>
internal static class ExpressionParser
{
    private const int PowerPrecedence = 6;

    /// <param name="tokens">Stand at the expression's first token.</param>
    /// <param name="minimum">Operators that bind less than this end the expression.</param>
    public static Expression Parse(TokenReader tokens, int minimum = 0)
    {
        tokens.Enter();
        Expression left = tokens.Kind.IsSign() ? Signed(tokens) : ModifierParser.Apply(tokens, Operand(tokens));
        while (Precedence(tokens.Kind) is var precedence && precedence > 0 && precedence >= minimum)
        {
            Token token = tokens.Take();
            bool returnBool = tokens.TryTake(TokenKind.Bool);
            VectorMatching matching = MatchingParser.Parse(tokens);
            Expression right = Parse(tokens, token.Kind == TokenKind.Power ? precedence : precedence + 1);
            left = Binary(tokens, OperatorOf(token.Kind), left, right, matching, returnBool);
        }
        tokens.Leave();
        return left;
    }

    private static BinaryExpression Binary(
        TokenReader tokens, BinaryOperator @operator, Expression left, Expression right, VectorMatching matching, bool returnBool)
    {
        PositionRange position = PositionRange.Merge(left.Position, right.Position);
        bool fills = matching.FillLeft is not null || matching.FillRight is not null;
        if (fills && !tokens.Options.FillModifiers)
            throw tokens.Error(position, "binop fill modifiers are experimental and not enabled");
        if (@operator.IsSet() && matching.Cardinality == MatchCardinality.OneToOne)
            matching = ReferenceEquals(matching, MatchingParser.OneToOne) ? MatchingParser.ManyToMany : matching with { Cardinality = MatchCardinality.ManyToMany };
        int depth = Math.Max(left.Depth, right.Depth) + 1;
        if (depth > tokens.Options.MaxDepth)
            throw tokens.TooDeep(position);

        // Between others than vectors a matching means nothing, and one that says something is kept for the type check to refuse.
        bool keeps = (left.Type == ExpressionType.Vector && right.Type == ExpressionType.Vector) || fills || matching.Labels.Count > 0;
        return new BinaryExpression(@operator, left, right)
        {
            Matching = keeps ? matching : null,
            ReturnBool = returnBool,
            Position = position,
            Depth = depth,
        };
    }

    private static Expression Signed(TokenReader tokens)
    {
        Token sign = tokens.Take();
        Expression operand = Parse(tokens, PowerPrecedence);
        if (operand is NumberLiteral number)
            return LiteralParser.Signed(sign, number);
        return new UnaryExpression(operand, sign.Kind == TokenKind.Subtract)
        {
            Position = new PositionRange(sign.Start, operand.Position.End),
            Depth = operand.Depth + 1,
        };
    }

    private static Expression Operand(TokenReader tokens)
    {
        Token token = tokens.Current;
        switch (token.Kind)
        {
            case TokenKind.Number or TokenKind.Duration:
                return LiteralParser.Number(tokens);
            case TokenKind.String:
                tokens.Take();
                return new StringLiteral(tokens.Unquote(token)) { Position = token.Position };
            case TokenKind.LeftParenthesis:
                tokens.Take();
                Expression inner = Parse(tokens);
                return new ParenthesesExpression(inner)
                {
                    Position = new PositionRange(token.Start, tokens.Expect(TokenKind.RightParenthesis).End),
                    Depth = inner.Depth + 1,
                };
            case TokenKind.LeftBrace:
                return SelectorParser.Selector(tokens);
        }
        if (!token.Kind.IsMetricName())
            throw tokens.Unexpected();
        tokens.Take();
        if (token.Kind.IsAggregator() && tokens.Kind is TokenKind.LeftParenthesis or TokenKind.By or TokenKind.Without)
            return Aggregate(tokens, token);
        if (tokens.Kind == TokenKind.LeftParenthesis && (token.Kind == TokenKind.Identifier || token.Kind.IsCallWord()))
            return Call(tokens, token);
        return SelectorParser.Named(tokens, token);
    }

    private static CallExpression Call(TokenReader tokens, Token nameToken)
    {
        Expression[] arguments = Arguments(tokens, out int depth);
        string name = tokens.Value(nameToken);
        if (!FunctionSignatures.TryGet(name, out FunctionSignature? function))
            throw tokens.Error(nameToken.Position, $"unknown function with name {GoStrings.Quote(name)}");
        if (function.IsExperimental && !tokens.Options.ExperimentalFunctions)
            throw tokens.Error(nameToken.Position, $"function {GoStrings.Quote(name)} is not enabled");
        if (name == "info" && arguments is [_, VectorSelector { Name: "" } labels, ..])
            arguments[1] = labels with { MayMatchAll = true };
        return new CallExpression(function, arguments) { Position = new PositionRange(nameToken.Start, tokens.LastClosing), Depth = depth };
    }

    private static AggregateExpression Aggregate(TokenReader tokens, Token word)
    {
        ErrorContext outer = tokens.Context;
        tokens.Context = ErrorContext.Aggregation;
        (bool without, IReadOnlyList<string>? grouping) = Modifier(tokens);
        if (tokens.Kind != TokenKind.LeftParenthesis)
            throw tokens.Unexpected();
        Expression[] arguments = Arguments(tokens, out int depth);
        if (grouping is null)
            (without, grouping) = Modifier(tokens);
        tokens.Context = outer;

        var position = new PositionRange(word.Start, tokens.LastClosing);
        if (arguments.Length == 0)
            throw tokens.Error(position, "no arguments for aggregate expression provided");
        Aggregator aggregator = (Aggregator)(word.Kind - TokenKind.Sum);
        if (aggregator.IsExperimental() && !tokens.Options.ExperimentalFunctions)
            throw tokens.Error(position, $"{aggregator.Text()}() is experimental and must be enabled with --enable-feature=promql-experimental-functions");
        int wanted = aggregator.TakesParameter() ? 2 : 1;
        if (arguments.Length != wanted)
            throw tokens.Error(position, $"wrong number of arguments for aggregate expression provided, expected {wanted}, got {arguments.Length}");
        return new AggregateExpression(aggregator, arguments[wanted - 1], wanted == 2 ? arguments[0] : null)
        {
            Grouping = grouping ?? [],
            Without = without,
            Position = position,
            Depth = depth,
        };
    }

    private static (bool Without, IReadOnlyList<string>? Labels) Modifier(TokenReader tokens)
    {
        if (tokens.Kind is not (TokenKind.By or TokenKind.Without))
            return (false, null);
        bool without = tokens.Take().Kind == TokenKind.Without;
        return (without, MatchingParser.Labels(tokens));
    }

    private static Expression[] Arguments(TokenReader tokens, out int depth)
    {
        tokens.Take();
        depth = 1;
        if (tokens.TryTake(TokenKind.RightParenthesis))
            return [];
        Expression first = Parse(tokens);
        depth = first.Depth + 1;
        if (tokens.TryTake(TokenKind.RightParenthesis))
            return [first];
        var arguments = new List<Expression> { first };
        while (tokens.Kind == TokenKind.Comma)
        {
            Token comma = tokens.Take();
            if (!tokens.Kind.StartsExpression())
                throw tokens.Error(comma.Position, "trailing commas not allowed in function call args");
            Expression argument = Parse(tokens);
            depth = Math.Max(depth, argument.Depth + 1);
            arguments.Add(argument);
        }
        tokens.Expect(TokenKind.RightParenthesis);
        return [.. arguments];
    }

    private static int Precedence(TokenKind kind) => kind switch
    {
        TokenKind.Or => 1,
        TokenKind.And or TokenKind.Unless => 2,
        >= TokenKind.Equal and <= TokenKind.TrimLower => 3,
        TokenKind.Add or TokenKind.Subtract => 4,
        >= TokenKind.Multiply and <= TokenKind.Atan2 => 5,
        TokenKind.Power => PowerPrecedence,
        _ => 0,
    };

    private static BinaryOperator OperatorOf(TokenKind kind) => kind switch
    {
        TokenKind.Or => BinaryOperator.Or,
        TokenKind.And => BinaryOperator.And,
        TokenKind.Unless => BinaryOperator.Unless,
        TokenKind.Equal => BinaryOperator.Equal,
        TokenKind.NotEqual => BinaryOperator.NotEqual,
        TokenKind.Less => BinaryOperator.Less,
        TokenKind.LessOrEqual => BinaryOperator.LessOrEqual,
        TokenKind.Greater => BinaryOperator.Greater,
        TokenKind.GreaterOrEqual => BinaryOperator.GreaterOrEqual,
        TokenKind.TrimUpper => BinaryOperator.TrimUpper,
        TokenKind.TrimLower => BinaryOperator.TrimLower,
        TokenKind.Add => BinaryOperator.Add,
        TokenKind.Subtract => BinaryOperator.Subtract,
        TokenKind.Multiply => BinaryOperator.Multiply,
        TokenKind.Divide => BinaryOperator.Divide,
        TokenKind.Modulo => BinaryOperator.Modulo,
        TokenKind.Atan2 => BinaryOperator.Atan2,
        _ => BinaryOperator.Power,
    };
}
