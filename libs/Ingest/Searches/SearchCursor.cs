using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;

namespace Serverless.Ingest.Searches;

/// <summary>
/// Where a page of results ended. The pages after it are of what had been analysed when the first was asked for, so that uploads meanwhile
/// neither repeat a result nor hide one.
/// </summary>
/// <param name="AsOf">When the first page was asked for.</param>
/// <param name="Score">Of the last result.</param>
/// <param name="Content">Of the last result.</param>
public sealed record SearchCursor(DateTimeOffset AsOf, double Score, string Content)
{
    private const int FixedBytes = 2 * sizeof(long);
    private const int MaxCharacters = 100;

    public bool IsBefore(Ranked ranked) => ranked.Score < Score || ranked.Score == Score && string.CompareOrdinal(ranked.Key, Content) > 0;

    public string Write()
    {
        byte[] bytes = new byte[FixedBytes + Encoding.UTF8.GetByteCount(Content)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, AsOf.UtcTicks);
        BinaryPrimitives.WriteDoubleBigEndian(bytes.AsSpan(sizeof(long)), Score);
        Encoding.UTF8.GetBytes(Content, bytes.AsSpan(FixedBytes));
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Null of what <see cref="Write"/> did not write.</summary>
    public static SearchCursor? Read(string text)
    {
        if (text.Length > MaxCharacters || !Base64Url.IsValid(text))
        {
            return null;
        }
        byte[] bytes = Base64Url.DecodeFromChars(text);
        if (bytes.Length <= FixedBytes)
        {
            return null;
        }
        long ticks = BinaryPrimitives.ReadInt64BigEndian(bytes);
        double score = BinaryPrimitives.ReadDoubleBigEndian(bytes.AsSpan(sizeof(long)));
        string content = Encoding.UTF8.GetString(bytes.AsSpan(FixedBytes));
        return ticks >= 0 && ticks <= DateTimeOffset.MaxValue.UtcTicks && double.IsFinite(score) && AssetSource.IsAssetId(content)
            ? new SearchCursor(new DateTimeOffset(ticks, TimeSpan.Zero), score, content)
            : null;
    }
}
