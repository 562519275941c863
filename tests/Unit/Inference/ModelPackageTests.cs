using Serverless.Inference;
using Serverless.Packages;
using Xunit;
using static Serverless.Unit.Packages.Onnx.OnnxBytes;

namespace Serverless.Unit.Inference;

public sealed class ModelPackageTests
{
    [Theory]
    [InlineData("text-mean", ModelTask.TextEmbedding)]
    [InlineData("entities", ModelTask.TokenClassification)]
    [InlineData("labels", ModelTask.ImageClassification)]
    [InlineData("image-half", ModelTask.ImageEmbedding)]
    [InlineData("topics", ModelTask.TextClassification)]
    [InlineData("rerank", ModelTask.Reranking)]
    [InlineData("boxes", ModelTask.ObjectDetection)]
    [InlineData("tensors-all", ModelTask.Tensors)]
    public void Load_TellsTheTask(string model, ModelTask task)
    {
        ModelPackage package = TestModels.Load(model);

        Assert.Equal((model, "1", task), (package.Name, package.Version, package.Task));
    }

    [Fact]
    public void Digest_IsThatOfSha256sum()
    {
        using var package = new TemporaryPackage("digest", copyOf: "labels");
        var find = new System.Diagnostics.ProcessStartInfo(
            "/bin/sh",
            ["-c", @"find -type f -printf '%P\n' | LC_ALL=C sort | xargs sha256sum | sha256sum"]
        )
        {
            WorkingDirectory = package.Folder,
            RedirectStandardOutput = true,
        };
        using var process = System.Diagnostics.Process.Start(find)!;
        string expected = process.StandardOutput.ReadToEnd()[..64];

        Assert.Equal($"sha256:{expected}", ModelPackage.Load(package.Folder, ModelLimits.Default).Digest);
    }

    [Theory]
    [InlineData("text-external-outside", "found external data in '../../text-external/1/weights.bin'; expected a file inside the package")]
    [InlineData("text-truncated", "expected a whole ONNX model")]
    [InlineData(
        "labels-wrong-size",
        "model.onnx: found the input 'pixel_values' Float[dynamic,3,12,12]; expected 16×12 pixels, which preprocessor_config.json makes"
    )]
    [InlineData(
        "text-wrong-width",
        "model.onnx: found the output 'last_hidden_state' Float[dynamic,dynamic,8]; expected 9 dimensions, by config.json's hidden_size"
    )]
    [InlineData("entities-wrong-width", "model.onnx: found the output 'logits' Float[dynamic,dynamic,4]; expected 5 values for each token")]
    [InlineData("labels-wrong-width", "model.onnx: found the output 'logits' Float[dynamic,3]; expected 5 values for each image")]
    public void Rejects_FaultyGraphs_ByName(string model, string message)
    {
        var error = Assert.Throws<ModelRejectedException>(() => TestModels.Load(model));

        Assert.Contains($"{model}/1", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text-untold-width", "for one item; expected 9 dimensions, by config.json's hidden_size")]
    [InlineData("text-not-finite", "expected finite numbers for a trial input")]
    [InlineData("entities-untold-width", "expected 5 values for each token")]
    [InlineData("labels-untold-width", "model.onnx: found an output of [3] for one item; expected 5 values for each image")]
    public void Rejects_FaultyOutputs_ByATrial(string model, string message)
    {
        ModelPackage package = TestModels.Load(model);

        var error = Assert.Throws<ModelRejectedException>(() =>
            package.Task switch
            {
                ModelTask.TextEmbedding => (object)new TextEmbedder(TestModels.Runtime, package),
                ModelTask.TokenClassification => new EntityRecognizer(TestModels.Runtime, package),
                _ => new ImageClassifier(TestModels.Runtime, package),
            }
        );

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "entities",
        "text-pooled",
        "found the output 'sentence_embedding' Float[dynamic,8]; expected 5 values for each token, one for each label of "
            + "config.json's id2label"
    )]
    [InlineData(
        "topics",
        "rerank",
        "found the output 'logits' Float[dynamic,1]; expected 3 values for each text, one for each label of config.json's id2label"
    )]
    [InlineData("rerank", "topics", "found the output 'logits' Float[dynamic,3]; expected one value for each pair")]
    public void Rejects_GraphsForAnotherTask(string model, string graphOf, string message)
    {
        using var package = new TemporaryPackage("another", copyOf: model);
        File.Copy(Path.Combine(TestModels.Folder(graphOf), "model.onnx"), package.PathOf("model.onnx"), overwrite: true);

        var error = Assert.Throws<ModelRejectedException>(() => ModelPackage.Load(package.Folder, ModelLimits.Default));

        Assert.Contains($"another/1: model.onnx: {message}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "text-mean",
        "labels",
        ModelTask.TextEmbedding,
        "model.onnx: found the input 'pixel_values' Float[dynamic,3,12,12]; expected Int64 or Int32 with 2 dimensions, batch and length"
    )]
    [InlineData(
        "labels",
        "text-pooled",
        ModelTask.ImageClassification,
        "model.onnx: found the input 'input_ids' Int64[dynamic,dynamic]; expected Float or Float16 with 4 dimensions"
    )]
    [InlineData(
        "boxes",
        "labels",
        ModelTask.ObjectDetection,
        "model.onnx: found the output 'logits' Float[dynamic,5]; expected [13,7]: a row for each cell of grids of 4, 6 pixels in 12×12, of "
            + "a box, objectness and 2 labels"
    )]
    public void Load_TakesGraphsThatAreNoneForTheTask_AsRawTensors(string model, string graphOf, ModelTask guessed, string reason)
    {
        using var package = new TemporaryPackage("another", copyOf: model);
        File.Copy(Path.Combine(TestModels.Folder(graphOf), "model.onnx"), package.PathOf("model.onnx"), overwrite: true);

        ModelPackage loaded = ModelPackage.Load(package.Folder, ModelLimits.Default);

        Assert.Equal(ModelTask.Tensors, loaded.Task);
        Assert.Equal(
            $"The model answers raw tensors only, since it is none for {guessed}, which its files suggest: {reason}.",
            Assert.Single(loaded.Notes)
        );
    }

    /// <summary>A DETR: two outputs, and images that are padded in a batch.</summary>
    [Theory]
    [InlineData("do_pad", "preprocessor_config.json: found \"do_pad\": a value")]
    [InlineData("do_resize", "model.onnx: found the outputs 'logits'")]
    public void Load_TakesDetectorsOfAnotherKind_AsRawTensors(string flag, string reason)
    {
        using var package = new TemporaryPackage("detr");
        File.WriteAllText(
            package.PathOf("config.json"),
            """{"architectures":["DetrForObjectDetection"],"model_type":"detr","id2label":{"0":"cat","1":"dog"}}"""
        );
        File.WriteAllText(
            package.PathOf("preprocessor_config.json"),
            $$"""{"image_processor_type":"DetrImageProcessor","{{flag}}":true,"resample":2,"size":{"shortest_edge":80,"longest_edge":133} }"""
        );
        File.WriteAllBytes(
            package.PathOf("model.onnx"),
            [
                .. Field(1, 8),
                .. Field(
                    7,
                    [
                        .. Node("Flatten", ["pixel_values"], "logits"),
                        .. Node("Abs", ["logits"], "pred_boxes"),
                        .. Field(11, DynamicValue("pixel_values", 1, "batch", "channels", "height", "width")),
                        .. Field(12, DynamicValue("logits", 1, "batch", "queries", "classes")),
                        .. Field(12, DynamicValue("pred_boxes", 1, "batch", "queries", "four")),
                    ]
                ),
                .. Field(8, [.. Field(1, ""), .. Field(2, 17)]),
            ]
        );

        ModelPackage loaded = ModelPackage.Load(package.Folder, ModelLimits.Default);

        Assert.Equal(ModelTask.Tensors, loaded.Task);
        Assert.Contains(reason, Assert.Single(loaded.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_TakesModulesThatAreNotKnown_AsRawTensors()
    {
        using var package = new TemporaryPackage("sparse", copyOf: "text-mean");
        File.WriteAllText(package.PathOf("modules.json"), """[{"type":"sentence_transformers.sparse_encoder.models.SpladePooling"}]""");

        ModelPackage loaded = ModelPackage.Load(package.Folder, ModelLimits.Default);

        Assert.Equal(ModelTask.Tensors, loaded.Task);
        Assert.Contains("SpladePooling", Assert.Single(loaded.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Rejects_ATokenizerOfMoreIdsThanTheTableHasRows()
    {
        using var package = new TemporaryPackage("small-table", copyOf: "text-mean");
        int rows = File.ReadAllLines(package.PathOf("vocab.txt")).Length;
        File.AppendAllText(package.PathOf("vocab.txt"), "unheard\nof\n");

        var error = Assert.Throws<ModelRejectedException>(() => ModelPackage.Load(package.Folder, ModelLimits.Default));

        Assert.Contains(
            $"model.onnx: found a table of {rows} rows for 'input_ids'; expected {rows + 2} or more, since the tokenizer's "
                + $"highest id is {rows + 1}.",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Rejects_TextModelsWithoutATokenizer()
    {
        using var package = new TemporaryPackage("mute", copyOf: "topics");
        File.Delete(package.PathOf("vocab.txt"));

        var error = Assert.Throws<ModelRejectedException>(() => ModelPackage.Load(package.Folder, ModelLimits.Default));

        Assert.Contains(
            "mute/1: tokenizer.json and vocab.txt: found neither; expected one of them",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("candidates")]
    [InlineData("../../samples/models")]
    public void Load_TakesThePackagesThatValidationAndServingMeet(string folder) =>
        Assert.All(Directory.GetDirectories(TestModels.Data(folder)), model =>
            ModelPackage.Load(Path.Combine(model, "1"), ModelLimits.Default)
        );

    [Theory]
    [InlineData("config.json", "{", "config.json: found malformed JSON")]
    [InlineData("config.json", """{"architectures":["ViTForImageClassification"]}""", "config.json: found no id2label")]
    [InlineData(
        "config.json",
        """{"architectures":["ViTForImageClassification"],"id2label":{"0":"a","2":"b"}}""",
        "2 labels numbered 0 to 2; expected the numbers 0 to 1"
    )]
    [InlineData(
        "config.json",
        """{"architectures":["ViTForImageClassification"],"id2label":{"0":"a"},"num_labels":3}""",
        "\"num_labels\": 3; expected 1"
    )]
    [InlineData(
        "config.json",
        """{"architectures":["ViTForImageClassification"],"id2label":{"0":"a"},"problem_type":"ranking"}""",
        "\"problem_type\": ranking"
    )]
    [InlineData("config.json", """[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]""", "at most 16 levels deep")]
    [InlineData("model.onnx", "", "model.onnx: found 0 bytes")]
    [InlineData("model.onnx", "not a model", "expected a whole ONNX model")]
    [InlineData("onnx/model.onnx", "x", "model.onnx and onnx/model.onnx: found both; expected exactly one")]
    public void Rejects_FaultyFiles_ByName(string file, string content, string message)
    {
        using var package = new TemporaryPackage("faulty", copyOf: "labels");
        File.WriteAllText(package.PathOf(file), content);

        var error = Assert.Throws<ModelRejectedException>(() => ModelPackage.Load(package.Folder, ModelLimits.Default));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model_quantized.onnx")]
    [InlineData("onnx/model_quantized.onnx")]
    public void Load_TakesAQuantizedModelThatIsAlone(string file)
    {
        using var package = new TemporaryPackage("quantized", copyOf: "labels");
        File.Move(package.PathOf("model.onnx"), package.PathOf(file));

        ModelPackage loaded = ModelPackage.Load(package.Folder, ModelLimits.Default);

        Assert.Equal((file, ModelTask.ImageClassification), (loaded.Graph.File, loaded.Task));
    }

    [Fact]
    public void Rejects_OtherNamesOfTheModel_NamingThem()
    {
        using var package = new TemporaryPackage("misnamed", copyOf: "labels");
        File.Move(package.PathOf("model.onnx"), package.PathOf("onnx/model_fp16.onnx"));
        File.WriteAllText(package.PathOf("encoder.onnx"), "x");

        var error = Assert.Throws<ModelRejectedException>(() => ModelPackage.Load(package.Folder, ModelLimits.Default));

        Assert.Contains(
            "model.onnx and onnx/model.onnx: found neither, but encoder.onnx, onnx/model_fp16.onnx; expected exactly one",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Rejects_SymbolicLinks()
    {
        using var package = new TemporaryPackage("linked", copyOf: "labels");
        File.CreateSymbolicLink(package.PathOf("passwords"), "/etc/passwd");

        var error = Assert.Throws<ModelRejectedException>(() => ModelPackage.Load(package.Folder, ModelLimits.Default));

        Assert.Contains("passwords: found a symbolic link", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rejects_MissingFolders()
    {
        var error = Assert.Throws<ModelRejectedException>(() => ModelPackage.Load(TestModels.Folder("nowhere"), ModelLimits.Default));

        Assert.Contains("no such folder", error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<ModelLimits, string> Limits() =>
        new()
        {
            {
                new ModelLimits { MaxFiles = 2 },
                "more than 2 files"
            },
            {
                new ModelLimits { MaxPackageBytes = 1_000 },
                "at most 1000 in the package"
            },
            {
                new ModelLimits { MaxGraphBytes = 1_000 },
                "expected 1 to 1000"
            },
            {
                new ModelLimits { MaxJsonBytes = 100 },
                "expected at most 100"
            },
            {
                new ModelLimits { MaxLabels = 3 },
                "more than 3 labels"
            },
            {
                new ModelLimits { MaxGraphNodes = 2 },
                "more than 2 nodes"
            },
            {
                new ModelLimits { MaxImageSide = 8 },
                "expected 1 to 8 pixels"
            },
        };

    [Theory]
    [MemberData(nameof(Limits), DisableDiscoveryEnumeration = true)]
    public void Rejects_WhatIsOverALimit(ModelLimits limits, string message)
    {
        var error = Assert.Throws<ModelRejectedException>(() => ModelPackage.Load(TestModels.Folder("labels"), limits));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rejects_AModelForAnotherTask()
    {
        ModelPackage package = TestModels.Load("labels");

        var error = Assert.Throws<ModelRejectedException>(() => new TextEmbedder(TestModels.Runtime, package));

        Assert.Contains("found a model for ImageClassification; expected one for TextEmbedding", error.Message, StringComparison.Ordinal);
    }
}
