using System.Text.Json;
using Serverless.Local.Stack;
using Serverless.Local.Stack.Models;
using Serverless.Local.Stack.Models.Fetched;

namespace Serverless.Benchmarks;

/// <summary>
/// Image models of real ones' size and work, beside the sample models for text: ResNet-50 and ViT-S/16 at 224×224, weights made up.
/// </summary>
internal static class BenchImageModels
{
    public static string Usual { get; } = FetchedModel.FindFor("imageEmbedding") is { } fetched ? $"{fetched.Name} and samples" : "samples";
    public const string Name = "models of real size (ResNet-50, ViT-S/16)";

    /// <summary>Pixels of the shorter side to which a picture is resized before the crop.</summary>
    public const int InputSide = 256;

    private const string Processing = """
        {"do_resize":true,"size":{"shortest_edge":256},"resample":3,"do_center_crop":true,"crop_size":{"height":224,"width":224},
         "do_rescale":true,"rescale_factor":0.00392156862745098,"do_normalize":true,"image_mean":[0.485,0.456,0.406],"image_std":[0.229,0.224,0.225]}
        """;

    /// <summary>By which a stack asks these models.</summary>
    public static IReadOnlyDictionary<string, string> Settings { get; } =
        new Dictionary<string, string>
        {
            ["Roles:ImageLabels"] = "classifier",
            ["Roles:ImageEmbedding"] = "vision",
            ["Roles:Detection"] = "",
        };

    /// <summary>
    /// Makes the packages under <c>artifacts/</c>; answers with the folders to register, those of the samples among them.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Prepare()
    {
        string root = Path.Combine(Checkout.Root, "artifacts", "bench-image-models");
        var labels = Enumerable.Range(0, 1000).ToDictionary(i => $"{i}", i => $"label {i}");
        Write(
            root,
            "classifier",
            JsonSerializer.Serialize(
                new
                {
                    architectures = new[] { "ResNetForImageClassification" },
                    model_type = "resnet",
                    id2label = labels,
                }
            )
        );
        Write(root, "vision", """{"architectures":["ViTModelWithProjection"],"model_type":"vit","hidden_size":384,"projection_dim":384}""");
        return new Dictionary<string, string>(SampleModels.Folders)
        {
            ["classifier"] = Path.Combine(root, "classifier", "1"),
            ["vision"] = Path.Combine(root, "vision", "1"),
        };
    }

    private static void Write(string root, string name, string config)
    {
        string folder = Directory.CreateDirectory(Path.Combine(root, name, "1")).FullName;
        File.Copy(Path.Combine(Checkout.Root, "tests", "Benchmarks", $"{name}.onnx"), Path.Combine(folder, "model.onnx"), overwrite: true);
        File.WriteAllText(Path.Combine(folder, "config.json"), config);
        File.WriteAllText(Path.Combine(folder, "preprocessor_config.json"), Processing);
    }
}
