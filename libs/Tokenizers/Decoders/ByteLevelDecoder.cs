using System.Text;
using Serverless.Tokenizers.PreTokenizers;

namespace Serverless.Tokenizers.Decoders;

/// <summary>Reads the characters of byte-level tokens as bytes, and all of those as UTF-8.</summary>
internal sealed class ByteLevelDecoder : IDecoder
{
    public void Decode(List<string> parts)
    {
        var bytes = new List<byte>();
        foreach (string part in parts)
        {
            int before = bytes.Count;
            foreach (char unit in part)
            {
                if (ByteAlphabet.TryGetByte(unit, out byte value))
                {
                    bytes.Add(value);
                    continue;
                }
                // An added token, written as it is read.
                bytes.RemoveRange(before, bytes.Count - before);
                bytes.AddRange(Encoding.UTF8.GetBytes(part));
                break;
            }
        }
        parts.Clear();
        parts.Add(Encoding.UTF8.GetString([.. bytes]));
    }
}
