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
}
