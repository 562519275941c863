using Serverless.Tokenizers.Text;

namespace Serverless.Tokenizers.Patterns;

/// <summary>Where a match may be taken up again when it fails. Reused; one thread at a time.</summary>
internal sealed class MatchStack
{
    private Entry[] _entries = new Entry[32];

    /// <summary>
    /// Instruction and position to resume at; a greedy loop may resume at any rune start down to <paramref name="Floor"/>.
    /// </summary>
    public record struct Entry(int Instruction, int Position, int Floor);

    public int Count { get; private set; }

    public long StepsLeft { get; set; }

    public void Push(int instruction, int position, int floor)
    {
        Buffers.Grow(ref _entries, Count + 1);
        _entries[Count++] = new(instruction, position, floor);
    }

    public ref Entry Peek() => ref _entries[Count - 1];

    public void Drop() => Count--;

    public void DropTo(int count) => Count = count;
}
