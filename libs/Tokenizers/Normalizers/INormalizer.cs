using Serverless.Tokenizers.Text;

namespace Serverless.Tokenizers.Normalizers;

/// <summary>Rewrites text before it is split into pieces. Immutable; any thread.</summary>
internal interface INormalizer
{
    /// <summary>Whether a text cut before a lone space between two ASCII words gives the parts of what it gives whole.</summary>
    bool IsLocal { get; }

    void Normalize(MappedText text);
}
