using Serverless.Packages;

namespace Serverless.Inference;

/// <summary>The models of a process, loaded and tried. Owns them, lives as long as the process; thread-safe.</summary>
public sealed class ModelSet
{
    private ModelSet(TextEmbedder text, EntityRecognizer entities, ImageClassifier labels, ImageEmbedder images) =>
        (TextEmbedder, EntityRecognizer, ImageClassifier, ImageEmbedder) = (text, entities, labels, images);

    public TextEmbedder TextEmbedder { get; }
    public EntityRecognizer EntityRecognizer { get; }
    public ImageClassifier ImageClassifier { get; }
    public ImageEmbedder ImageEmbedder { get; }

    /// <exception cref="ModelRejectedException">At least one model cannot be used; the message has every reason.</exception>
    public static ModelSet Load(InferenceRuntime runtime, InferenceOptions options)
    {
        var problems = new List<ModelRejectedException>();
        T? Open<T>(string reference, Func<InferenceRuntime, ModelPackage, T> make)
            where T : class
        {
            try
            {
                return make(runtime, ModelPackage.Load(Path.Combine(options.ModelsRoot, reference), options.Limits));
            }
            catch (ModelRejectedException e)
            {
                problems.Add(e);
                return null;
            }
        }

        TextEmbedder? text = Open(options.TextEmbedding, (r, p) => new TextEmbedder(r, p));
        EntityRecognizer? entities = Open(options.Entities, (r, p) => new EntityRecognizer(r, p));
        ImageClassifier? labels = Open(options.ImageLabels, (r, p) => new ImageClassifier(r, p));
        ImageEmbedder? images = Open(options.ImageEmbedding, (r, p) => new ImageEmbedder(r, p));
        return problems.Count == 0
            ? new ModelSet(text!, entities!, labels!, images!)
            : throw new ModelRejectedException(string.Join('\n', problems.Select(p => p.Message)), problems[0]);
    }
}
