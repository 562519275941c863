namespace Serverless.Tokenizers.PostProcessors;

/// <summary>One part of a finished encoding: the tokens of a text, or special tokens, all of one type.</summary>
internal sealed record TemplatePart(int TypeId, int Sequence, int[] SpecialIds)
{
    private const int NoSequence = -1;

    public bool IsSequence => Sequence != NoSequence;

    public static TemplatePart OfSequence(int sequence, int typeId) => new(typeId, sequence, []);

    public static TemplatePart OfSpecial(int typeId, params int[] ids) => new(typeId, NoSequence, ids);
}

/// <summary>How the tokens of one text or of a pair, and the special tokens around them, make up an encoding.</summary>
internal sealed record Template(params TemplatePart[] Parts)
{
    public static Template Single { get; } = new(TemplatePart.OfSequence(0, 0));

    public static Template Pair { get; } = new(TemplatePart.OfSequence(0, 0), TemplatePart.OfSequence(1, 1));

    public int SpecialCount { get; } = Parts.Sum(part => part.SpecialIds.Length);
}
