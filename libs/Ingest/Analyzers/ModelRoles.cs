using Serverless.Inference;
using Serverless.Ingest.Documents;
using Serverless.Packages;

namespace Serverless.Ingest.Analyzers;

/// <summary>What a model did, as an analysis document names it.</summary>
public static class ModelRoles
{
    public static ModelUse TextEmbedding(ModelReference model) => Of("textEmbedding", model);

    public static ModelUse Entities(ModelReference model) => Of("entities", model);

    public static ModelUse ImageLabels(ModelReference model) => Of("imageLabels", model);

    public static ModelUse ImageEmbedding(ModelReference model) => Of("imageEmbedding", model);

    private static ModelUse Of(string role, ModelReference model) => new(role, model.Name, model.Version, model.Digest);
}
