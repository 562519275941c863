using Serverless.Inference;
using Serverless.Inference.Text;
using Serverless.Tokenizers;
using Xunit;

namespace Serverless.Unit.Inference.Text;

public sealed class EntityAggregatorTests
{
    /// <summary>Tokens are written as piece/label, pieces of one word joined by +.</summary>
    [Theory]
    [InlineData("Ada/B-PER Lovelace/I-PER met/O", "Ada Lovelace:PER")]
    [InlineData("Ada/B-PER Charles/B-PER", "Ada:PER|Charles:PER")]
    [InlineData("Ada/I-PER London/I-LOC", "Ada:PER|London:LOC")] // without a B the type tells
    [InlineData("Ada/I-PER and/O Charles/I-PER", "Ada:PER|Charles:PER")]
    [InlineData("Ba/B-PER+bb/O+age/I-LOC met/O", "Babbage:PER")] // the first piece decides
    [InlineData("Ba/O+bb/B-PER", "")]
    [InlineData("New/B-LOC York/I-LOC+,/O and/O", "New York:LOC")] // punctuation stuck to a word stays outside
    [InlineData("U/B-LOC+./I-LOC+S/I-LOC+./I-LOC", "U.S.:LOC")]
    [InlineData("New/B-LOC York/E-LOC York/I-LOC", "New York:LOC|York:LOC")] // BIOES
    [InlineData("Paris/S-LOC London/S-LOC", "Paris:LOC|London:LOC")]
    [InlineData("New/B-LOC York/L-LOC Paris/U-LOC", "New York:LOC|Paris:LOC")] // BILOU
    [InlineData("Ada/PER Lovelace/PER in/O London/LOC", "Ada Lovelace:PER|London:LOC")] // bare types
    [InlineData("田中/B-PER+さん/O+は/O+東京/B-LOC+に/O+住んでいる/O+。/O", "田中:PER|東京:LOC")] // without spaces each piece is a word
    [InlineData("東/B-LOC+京/I-LOC+都/O+。/O", "東京:LOC")]
    [InlineData("Ber/B-PER+g/O+さん/O in/O Lis/B-LOC+bon/O", "Berg:PER|Lisbon:LOC")]
    [InlineData("iP/B-ORG+hone/O+は/O+ＮＨ/B-ORG+Ｋ/O+で/O", "iPhone:ORG|ＮＨＫ:ORG")]
    [InlineData("スズキ/B-ORG+ｽｽﾞ/O+𠮷/B-PER+野/I-PER+家/O", "スズキ:ORG|𠮷野:PER")]
    [InlineData("สมชาย/B-PER+อยู่/O+กรุงเทพ/B-LOC", "สมชาย:PER|กรุงเทพ:LOC")] // Thai
    [InlineData("ອານຸ/B-PER+ຢູ່/O+ວຽງຈັນ/B-LOC", "ອານຸ:PER|ວຽງຈັນ:LOC")] // Lao
    [InlineData("សុខ/B-PER+រស់/O+ភ្នំ/B-LOC+ពេញ/I-LOC", "សុខ:PER|ភ្នំពេញ:LOC")] // Khmer
    [InlineData("အောင်/B-PER+သည်/O+ရန်ကုန်/B-LOC", "အောင်:PER|ရန်ကုန်:LOC")] // Myanmar
    [InlineData("กร/B-LOC+ุง/O+ไป/O", "กรุง:LOC")] // a vowel sign belongs to the letter before it
    [InlineData("김/B-PER+철수/O", "김철수:PER")] // Hangul has spaces
    [InlineData("2024/B-DATE+年/I-DATE+に/O", "2024年:DATE")]
    public void Aggregate_FollowsTheScheme(string tagged, string expected)
    {
        string[][] pieces =
        [
            .. tagged.Split(' ').SelectMany((word, i) => word.Split('+').Select(p => p.Split('/').Append($"{i}").ToArray())),
        ];
        string[] labels = [.. pieces.Select(p => p[1]).Append("O").Distinct()];
        var text = new System.Text.StringBuilder();
        var tokens = new List<LabelledToken>();
        foreach (string[] piece in pieces)
        {
            if (tokens.Count > 0 && tokens[^1].Word != int.Parse(piece[2]))
            {
                text.Append(' ');
            }
            tokens.Add(
                new LabelledToken(
                    new TextSpan(text.Length, text.Length + piece[0].Length),
                    int.Parse(piece[2]),
                    Array.IndexOf(labels, piece[1]),
                    0.5f
                )
            );
            text.Append(piece[0]);
        }

        List<EntitySpan> entities = new EntityAggregator(labels).Aggregate(text.ToString(), tokens.ToArray());

        Assert.Equal(expected, string.Join('|', entities.Select(e => $"{text.ToString(e.Start, e.Length)}:{e.Type}")));
        Assert.All(entities, e => Assert.Equal(0.5f, e.Score));
    }

    [Fact]
    public void Aggregate_OfPiecesThatShareACharacter_TakesTheFirstOfThem()
    {
        LabelledToken[] tokens =
        [
            new(new TextSpan(0, 1), 0, 1, 0.5f),
            new(new TextSpan(0, 1), 0, 0, 0.5f),
            new(new TextSpan(1, 2), 0, 0, 0.5f),
        ];

        List<EntitySpan> entities = new EntityAggregator(["O", "B-LOC"]).Aggregate("京に", tokens);

        Assert.Equal(new EntitySpan(0, 1, "LOC", 0.5f), Assert.Single(entities));
    }

    [Fact]
    public void Aggregate_AfterAMarkOfItsOwn_FindsTheWordBehindIt()
    {
        // SentencePiece may put the mark of a space before the first piece
        LabelledToken[] tokens =
        [
            new(new TextSpan(0, 0), 0, 0, 0.5f),
            new(new TextSpan(0, 2), 0, 1, 0.5f),
            new(new TextSpan(2, 3), 0, 0, 0.5f),
        ];

        List<EntitySpan> entities = new EntityAggregator(["O", "B-PER"]).Aggregate("田中は", tokens);

        Assert.Equal(new EntitySpan(0, 2, "PER", 0.5f), Assert.Single(entities));
    }
}
