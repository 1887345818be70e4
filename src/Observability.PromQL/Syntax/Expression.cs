namespace Observability.PromQL.Syntax;

/// <summary>A node of a query's tree. Immutable; compare nodes by reference, as equality walks whole trees.</summary>
public abstract record Expression
{
    public PositionRange Position { get; init; } = PositionRange.None;

    public abstract ExpressionType Type { get; }

    /// <summary>The operands, in the order of evaluation. Durations and their arithmetic are no operands.</summary>
    public abstract IReadOnlyList<Expression> Children { get; }

    /// <summary>Nodes from here to the deepest leaf, where the parser made the node.</summary>
    internal int Depth { get; init; } = 1;

    /// <summary>Text that parses to this tree.</summary>
    public sealed override string ToString() => Printer.Print(this);
}
