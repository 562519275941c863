using Serverless.Inference;
using Serverless.Inference.Serving;
using Serverless.Media.Images;
using Serverless.Media.Text;
using Serverless.Packages;
using Serverless.Unit.Inference;
using Xunit;

namespace Serverless.Unit.Samples;

/// <summary>The sample models that only predictions use, on the sample media.</summary>
public sealed class SampleModelTests
{
    private const long MostBytes = 16_000_000; // of all sample models: a clone should stay quick

    private const double LeastF1 = 0.65;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void Models_AreSmall_AndEachHasACard()
    {
        DirectoryInfo folder = new(TestModels.Data("../../samples/models"));

        Assert.InRange(folder.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length), 1, MostBytes);
        Assert.All(folder.EnumerateDirectories(), model =>
            Assert.Contains("## Data", File.ReadAllText(Path.Combine(model.FullName, "1", "README.md")), StringComparison.Ordinal)
        );
    }

    /// <summary>One answer stands far into a long chronicle, of which only the first passage is asked.</summary>
    [Fact]
    public void Rerank_SampleTexts_PutsTheOneThatAnswersFirst()
    {
        using CrossEncoder encoder = new(TestModels.Runtime, Load("reranker"));
        SampleMedia.ExpectedAsset[] texts = [.. SampleMedia.Assets.Where(asset => asset.Kind == "text")];
        string[] passages = [.. texts.Select(asset => FirstPassage(asset.File))];

        string[] missed =
        [
            .. texts
                .Where(asset => texts[BestOf([.. encoder.Score(asset.Search!, passages, Ct).Select(s => s.Raw)])] != asset)
                .Select(asset => asset.Search!),
        ];

        Assert.True(missed.Length <= 2, $"not first: {string.Join(", ", missed)}");
    }

    [Theory]
    [InlineData("catalogue.jsonl", "fashion"), InlineData("council-passes-budget.md", "politics"), InlineData("cup-final.txt", "sport")]
    [
        InlineData("planet-found.html", "science"),
        InlineData("robot-in-the-archive.txt", "technology"),
        InlineData("storm-at-port-alder.txt", "weather")
    ]
    [InlineData("vol-au-musee.txt", "culture")]
    public void Classify_SampleText_SaysWhatItIsAbout(string file, string topic)
    {
        using TextClassifier classifier = new(TestModels.Runtime, Load("topics"));

        Assert.Equal(topic, classifier.Classify([FirstPassage(file)], 1, Ct)[0][0].Label);
    }

    [Theory]
    [InlineData("The parcel was sent with UPS from Louisville to Osaka.", "UPS ORG, Louisville LOC, Osaka LOC")]
    [InlineData("Angela Merkel met Emmanuel Macron in Berlin on Monday.", "Angela Merkel PER, Emmanuel Macron PER, Berlin LOC")]
    [InlineData("IBM opened a laboratory in Zurich in 1956.", "IBM ORG, Zurich LOC"), InlineData("The museum opens at nine.", "")]
    public void Recognize_PlainSentence_MarksItsNames(string sentence, string names)
    {
        using EntityRecognizer recognizer = new(TestModels.Runtime, Load("entities"));

        Assert.Equal($"{sentence} {names}", Say(sentence, recognizer.Recognize([sentence], Ct)[0]));
    }

    /// <summary>Exact spans. A worse model must not take its place unseen.</summary>
    [Fact]
    public void Recognize_HeldOutNews_MarksMostOfItsNames()
    {
        using EntityRecognizer recognizer = new(TestModels.Runtime, Load("entities"));
        (string Text, EntitySpan[] Names)[] sentences = HeldOutNews.ReadNamed();

        IReadOnlyList<IReadOnlyList<EntitySpan>> found = recognizer.Recognize([.. sentences.Select(s => s.Text)], Ct);

        int right = sentences.Zip(found).Sum(pair => pair.First.Names.Select(Place).Intersect(pair.Second.Select(Place)).Count());
        double f1 = 2.0 * right / (sentences.Sum(s => s.Names.Length) + found.Sum(names => names.Count));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"F1 {f1:P1}\n{string.Join('\n', sentences.Zip(found).Select(p => Say(p.First.Text, p.Second)))}"
        );
        Assert.InRange(f1, LeastF1, 1);
    }

    private static (int, int, string) Place(EntitySpan span) => (span.Start, span.Length, span.Type);

    private static string Say(string text, IEnumerable<EntitySpan> names) =>
        $"{text} {string.Join(", ", names.Select(n => $"{text.Substring(n.Start, n.Length)} {n.Type}"))}";

    [Theory]
    [InlineData("The final ended in a draw after extra time.", "sport")]
    [InlineData("The thief escaped with a painting.", "crime"), InlineData("Snow is expected in the north tonight.", "weather")]
    [InlineData("The central bank raised interest rates.", "economy"), InlineData("The airline cancelled forty flights.", "transport")]
    public void Classify_PlainSentence_SaysWhatItIsAbout(string sentence, string topic)
    {
        using TextClassifier classifier = new(TestModels.Runtime, Load("topics"));

        Assert.Equal(topic, classifier.Classify([sentence], 1, Ct)[0][0].Label);
    }

    /// <summary>As the card says. A worse one must not take its place unseen.</summary>
    [Fact]
    public void Classify_HeldOutNews_IsMostlyRight()
    {
        using TextClassifier classifier = new(TestModels.Runtime, Load("topics"));
        (string Text, string Topic)[] sentences = HeldOutNews.Read();

        IReadOnlyList<IReadOnlyList<LabelScore>> found = classifier.Classify([.. sentences.Select(s => s.Text)], 1, Ct);

        string[] missed =
        [
            .. sentences.Zip(found).Where(pair => pair.Second[0].Label != pair.First.Topic).Select(p => $"{p.First.Text} {p.Second[0]}"),
        ];
        Assert.True(missed.Length <= 0.15 * sentences.Length, string.Join('\n', missed));
    }

    [Fact]
    public void Detect_SamplePicture_FindsEachThingInItsPlace()
    {
        using ObjectDetector detector = new(TestModels.Runtime, Load("things"));
        SampleMedia.ExpectedAsset expected = SampleMedia.Assets.Single(asset => asset.Things is not null);
        using DecodedImage image = new ImageReader(new ImageOptions()).Decode(File.ReadAllBytes(SampleMedia.FileOf(expected.File)), 512);
        float scale = (float)image.Width / expected.Width;

        IReadOnlyList<DetectedObject> found = detector.Detect([new RgbImage(image.Rgb, image.Width, image.Height)], null, Ct)[0];

        Assert.Equal(expected.Things!.Select(thing => thing.Label), found.Select(thing => thing.Label).Order());
        Assert.All(expected.Things!, thing =>
        {
            DetectedObject twin = found.Single(other => other.Label == thing.Label);
            Assert.InRange(
                Overlap(thing.Box, [twin.X / scale, twin.Y / scale, (twin.X + twin.Width) / scale, (twin.Y + twin.Height) / scale]),
                0.6f,
                1
            );
            Assert.InRange(twin.Score, 0.6f, 1);
        });
    }

    private static int BestOf(float[] scores) => Array.IndexOf(scores, scores.Max());

    /// <summary>Intersection over union.</summary>
    private static float Overlap(float[] a, float[] b)
    {
        float both = Math.Max(0, Math.Min(a[2], b[2]) - Math.Max(a[0], b[0])) * Math.Max(0, Math.Min(a[3], b[3]) - Math.Max(a[1], b[1]));
        return both / (Area(a) + Area(b) - both);
    }

    private static float Area(float[] box) => (box[2] - box[0]) * (box[3] - box[1]);

    private static string FirstPassage(string file)
    {
        TextDocument document = TextDocument.Read(
            File.ReadAllBytes(SampleMedia.FileOf(file)),
            SampleMedia.Of(file).MediaType,
            new TextOptions(),
            TestContext.Current.CancellationToken
        );
        return document.Slice(Samples.Split(document)[0].Range).ToString();
    }

    private static ModelPackage Load(string name) =>
        ModelPackage.Load(TestModels.Data($"../../samples/models/{name}/1"), ModelLimits.Default);
}
