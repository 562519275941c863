namespace Serverless.Tokenizers.PreTokenizers;

/// <summary>What a pre-tokenizer does where a lone space stands between two ASCII words.</summary>
internal enum Locality
{
    /// <summary>It may depend on more than what is near.</summary>
    Global,

    /// <summary>It looks at nothing beyond, and may not cut.</summary>
    Local,

    /// <summary>It always cuts there.</summary>
    Cutting,
}

/// <summary>Cuts the pieces of a text finer; a few also rewrite its characters. Immutable; any thread.</summary>
internal interface IPreTokenizer
{
    Locality Locality { get; }

    void Apply(PreTokenizedText text);
}
