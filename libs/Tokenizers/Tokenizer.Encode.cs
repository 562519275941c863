using Serverless.Tokenizers.Models;
using Serverless.Tokenizers.Pipeline;
using Serverless.Tokenizers.PostProcessors;

namespace Serverless.Tokenizers;

public sealed partial class Tokenizer
{
    /// <summary>Encodes a text into <paramref name="target"/>, whose content is replaced.</summary>
    public void Encode(ReadOnlySpan<char> text, TokenEncoding target, EncodeOptions? options = null)
    {
        options ??= EncodeOptions.Default;
        int room = RoomFor(options, isPair: false);
        EncodeScratch scratch = _pool.Rent();
        try
        {
            TokenList tokens = scratch.First;
            // One token over the limit shows that there is more; the end of a text that is cut there need not be read.
            ReadTokens(text, tokens, scratch, options.TruncationSide == TextSide.End && room < int.MaxValue ? room + 1 : int.MaxValue);
            Compose(target, options, tokens, KeptRange(tokens.Count, room, options.TruncationSide), null, default);
        }
        finally
        {
            _pool.Return(scratch);
        }
    }

    /// <summary>Encodes a text and its pair (a question and a passage, say) into one encoding.</summary>
    public void Encode(ReadOnlySpan<char> text, ReadOnlySpan<char> pair, TokenEncoding target, EncodeOptions? options = null)
    {
        options ??= EncodeOptions.Default;
        int room = RoomFor(options, isPair: true);
        EncodeScratch scratch = _pool.Rent();
        try
        {
            ReadTokens(text, scratch.First, scratch, int.MaxValue);
            ReadTokens(pair, scratch.Second, scratch, int.MaxValue);
            (int first, int second) = PairTruncation.Share(scratch.First.Count, scratch.Second.Count, room, options.Strategy);
            Compose(
                target,
                options,
                scratch.First,
                KeptRange(scratch.First.Count, first, options.TruncationSide),
                scratch.Second,
                KeptRange(scratch.Second.Count, second, options.TruncationSide)
            );
        }
        finally
        {
            _pool.Return(scratch);
        }
    }

    /// <summary>
    /// Encodes a long text as windows of at most <see cref="EncodeOptions.MaxTokens"/> tokens, special ones in each, of which each
    /// repeats <see cref="EncodeOptions.Stride"/> tokens of the one before. Fills the encodings that the list holds, adds what is
    /// missing and returns how many are filled; an empty text has one window.
    /// </summary>
    public int EncodeWindows(ReadOnlySpan<char> text, List<TokenEncoding> windows, EncodeOptions options)
    {
        int room = RoomFor(options, isPair: false);
        if (options.Stride < 0 || options.Stride >= room)
        {
            throw new ArgumentException(
                $"A stride of {options.Stride} is not from 0 to under the {room} tokens of text that a window takes.",
                nameof(options)
            );
        }
        EncodeScratch scratch = _pool.Rent();
        try
        {
            TokenList tokens = scratch.First;
            ReadTokens(text, tokens, scratch, int.MaxValue);
            int count = 0;
            for (int start = 0; count == 0 || start + options.Stride < tokens.Count; start += room - options.Stride)
            {
                if (count == windows.Count)
                {
                    windows.Add(new TokenEncoding());
                }
                int end = (int)Math.Min(tokens.Count, (long)start + room);
                Compose(windows[count++], options, tokens, start..end, null, default);
            }
            return count;
        }
        finally
        {
            _pool.Return(scratch);
        }
    }

    private void ReadTokens(ReadOnlySpan<char> text, TokenList tokens, EncodeScratch scratch, int enough)
    {
        tokens.Clear();
        _pipeline.Run(text, tokens, scratch, enough);
        _definition.PostProcessor.Trimmer?.Trim(tokens, text);
    }

    /// <summary>How many tokens of text fit beside the special ones.</summary>
    private int RoomFor(EncodeOptions options, bool isPair)
    {
        int special = options.AddSpecialTokens ? SpecialTokenCount(isPair) : 0;
        if (options.MaxTokens < special)
        {
            throw new ArgumentException(
                $"MaxTokens is {options.MaxTokens}; the model's {special} special tokens need that many at least.",
                nameof(options)
            );
        }
        return options.MaxTokens == int.MaxValue ? int.MaxValue : options.MaxTokens - special;
    }

    private static Range KeptRange(int count, int room, TextSide truncationSide)
    {
        int kept = Math.Min(count, room);
        return truncationSide == TextSide.End ? 0..kept : (count - kept)..count;
    }

    private void Compose(TokenEncoding target, EncodeOptions options, TokenList first, Range firstKept, TokenList? second, Range secondKept)
    {
        target.Clear();
        foreach (TemplatePart part in _definition.PostProcessor.TemplateFor(second != null).Parts)
        {
            if (part.IsSequence && part.Sequence == 0)
            {
                target.AddTokens(first, firstKept, part);
            }
            else if (part.IsSequence)
            {
                target.AddTokens(second!, secondKept, part);
            }
            else if (options.AddSpecialTokens)
            {
                foreach (int id in part.SpecialIds)
                {
                    target.AddSpecial(id, part.TypeId);
                }
            }
        }
        int kept =
            firstKept.GetOffsetAndLength(first.Count).Length + (second == null ? 0 : secondKept.GetOffsetAndLength(second.Count).Length);
        target.IsTruncated = kept < first.Count + (second?.Count ?? 0);
    }
}
