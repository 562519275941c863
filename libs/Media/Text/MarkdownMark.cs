namespace Serverless.Media.Text;

/// <summary>What stands in the place of a piece of Markdown.</summary>
internal enum MarkdownMarkKind
{
    Nothing,
    Space,
    LineBreak,
    Literal,
}

/// <summary>A piece of Markdown that is not read as it stands. One of length zero is text after all.</summary>
internal record struct MarkdownMark(int Start, int Length, MarkdownMarkKind Kind)
{
    public readonly int End => Start + Length;
}
