using Serverless.Inference;
using Serverless.Ingest.Analyzers;
using Serverless.Media.Text;
using Serverless.Packages;
using Serverless.Unit.Inference;

namespace Serverless.Unit.Samples;

/// <summary>The packages of samples/models, each loaded once for all tests.</summary>
internal static class Samples
{
    private static readonly Lazy<TextEmbedder> LazyTexts = new(() => new TextEmbedder(TestModels.Runtime, Load("text-embedding")));
    private static readonly Lazy<EntityRecognizer> LazyEntities = new(() => new EntityRecognizer(TestModels.Runtime, Load("entities")));
    private static readonly Lazy<ImageClassifier> LazyLabels = new(() => new ImageClassifier(TestModels.Runtime, Load("image-labels")));

    public static TextEmbedder Texts => LazyTexts.Value;

    public static EntityRecognizer Entities => LazyEntities.Value;

    public static ImageClassifier Labels => LazyLabels.Value;

    /// <summary>As an upload is cut.</summary>
    public static IReadOnlyList<PassageSplitter.Passage> Split(TextDocument document) =>
        new PassageSplitter(
            text => Texts.Tokenizer.CountTokens(text, addSpecialTokens: false),
            Math.Min(new AnalysisOptions().PassageTokens, Texts.MaxTokens - Texts.Tokenizer.SpecialTokenCount())
        ).Split(document.Normalised, document.Sentences);

    private static ModelPackage Load(string name) =>
        ModelPackage.Load(Path.Combine(TestModels.Data("../../samples/models"), name, "1"), ModelLimits.Default);
}
