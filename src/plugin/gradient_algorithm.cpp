/* `gdal raster gradient`: demgrad's gradient among GDAL's own commands. A plugin that GDAL >= 3.12 loads
 * when it registers its drivers; its arguments are rows of the table of rasters' options. */
#include <algorithm>
#include <cpl_conv.h>
#include <cstring>
#include <demgrad/raster.h>
#include <gdal_priv.h>
#include <gdalalgorithm.h>
#include <list>
#include <memory>
#include <string>
#include <vector>

extern "C" {
#include "option_read.h"
#include "raster_options.h"
}

namespace {

/* An option as GDAL reads it. */
struct Value {
    const dg_option *option;
    bool is_given, flag;
    std::string text;
    std::vector<std::string> texts;
};

bool is_repeated(const dg_option *o) {
    return o->kind == DG_OPTION_TEXTS || o->kind == DG_OPTION_SETTINGS;
}

std::vector<std::string> choices_of(const dg_option *o) {
    std::vector<std::string> choices;
    for (size_t i = 0; dg_option_choice(o, i); i++)
        choices.push_back(dg_option_choice(o, i));
    return choices;
}

/* What it is for; GDAL itself tells choices of which one is taken, and defaults. */
std::string help_of(const dg_option *o) {
    std::string help = o->help;
    const char *between = ": ";
    for (size_t i = 0; o->kind == DG_OPTION_NAMES && dg_option_choice(o, i); i++) {
        help += between + std::string(dg_option_choice(o, i));
        between = ", ";
    }
    help[0] = static_cast<char>(toupper(static_cast<unsigned char>(help[0])));
    return help;
}

std::string default_of(const dg_option *o, const demgrad_raster_options *options) {
    char text[256] = "";
    if (!o->usual)
        dg_option_text(o, options, text, sizeof text);
    return o->usual ? o->usual : text;
}

/* GDAL's commands have the longest name first, and the others as short forms of it. */
std::vector<std::string> names_of(const dg_option *o) {
    const std::string words = std::string(o->name) + " " + (o->alias ? o->alias : "");
    std::vector<std::string> names;
    for (size_t begin = 0, end; begin < words.size(); begin = end + 1) {
        end = std::min(words.find(' ', begin), words.size());
        const std::string name = words.substr(begin, end - begin);
        if (!names.empty() && name.size() > names[0].size())
            names.insert(names.begin(), name);
        else if (!name.empty())
            names.push_back(name);
    }
    return names;
}

class GradientAlgorithm final : public GDALAlgorithm {
  public:
    GradientAlgorithm()
        : GDALAlgorithm("gradient",
                        "Compute dz/dx and dz/dy of elevations, in metres of rise per metre "
                        "travelled on the ground.",
                        "") {
        demgrad_raster_options_init(&options);
        AddProgressArg();
        AddInputDatasetArg(&inputs, GDAL_OF_RASTER)
            .SetDatasetInputFlags(GADV_NAME)
            .SetAutoOpenDataset(false);
        add_output();
        for (size_t i = 0; i < dg_raster_option_count; i++) {
            if (dg_raster_options[i].commands & DG_GRADIENT)
                add(&dg_raster_options[i]);
        }
        AddValidationAction([this] { return check_excluded(); });
    }

    ~GradientAlgorithm() override {
        for (const Value &value : values)
            dg_option_free(value.option, &options);
    }

  private:
    demgrad_raster_options options;
    std::list<Value> values; /* GDAL and the options keep pointers into them */
    std::vector<GDALArgDatasetValue> inputs;
    std::string output;
    GDALProgressFunc tell = nullptr;
    void *tell_user = nullptr;

    /* Of a dataset with that name GDAL would remove what there is before the run; an output that is replaced
     * stays until the new one is whole, and is no input's file. */
    void add_output() {
        GDALInConstructionAlgorithmArg &argument =
            AddArg(GDAL_ARG_NAME_OUTPUT, 'o', "Output raster dataset", &output);
        argument.SetPositional().SetRequired();
        SetAutoCompleteFunctionForFilename(argument, GDAL_OF_RASTER);
    }

    GDALInConstructionAlgorithmArg &add_value(const std::string &name, Value &value) {
        const dg_option *o = value.option;
        if (!o->value)
            return AddArg(name, o->letter, help_of(o), &value.flag);
        GDALInConstructionAlgorithmArg &argument =
            is_repeated(o) ? AddArg(name, o->letter, help_of(o), &value.texts)
                           : AddArg(name, o->letter, help_of(o), &value.text);
        argument.SetMetaVar(o->value);
        if (is_repeated(o)) /* the help says so, and values may have commas */
            argument.SetPackedValuesAllowed(false).SetDisplayHintAboutRepetition(false);
        std::vector<std::string> choices = choices_of(o);
        if (o->kind == DG_OPTION_CHOICE || o->kind == DG_OPTION_NAME)
            argument.SetChoices(choices);
        const std::string usual = default_of(o, &options);
        if (!usual.empty())
            argument.SetDefault(usual);
        return argument;
    }

    void add(const dg_option *o) {
        values.push_back({o, false, false, "", {}});
        Value &value = values.back();
        const std::vector<std::string> names = names_of(o);
        GDALInConstructionAlgorithmArg &argument = add_value(names[0], value);
        for (size_t i = 1; i < names.size(); i++)
            argument.AddAlias(names[i]);
        argument.SetCategory(o->is_common ? GAAC_BASE : GAAC_ADVANCED);
        argument.AddValidationAction([this, &value] { return take(value); });
    }

    bool take_text(const Value &value, const std::string &text) {
        const dg_option *o = value.option;
        if (o->of_one && text.find(',') == std::string::npos)
            o = dg_raster_option(o->of_one);
        const char *wrong = dg_option_read(o, &options, text.c_str());
        if (wrong)
            ReportError(CE_Failure, CPLE_IllegalArg, "--%s %s: %s", o->name, text.c_str(), wrong);
        return !wrong;
    }

    /* What GDAL has read, into its field. */
    bool take(Value &value) {
        value.is_given = true;
        if (!value.option->value) {
            return !value.flag || take_text(value, "");
        } else if (!is_repeated(value.option)) {
            return take_text(value, value.text);
        }
        for (const std::string &text : value.texts) {
            if (!take_text(value, text))
                return false;
        }
        return true;
    }

    bool is_given(const char *name) const {
        for (const Value &value : values) {
            if (value.is_given && strcmp(value.option->name, name) == 0)
                return true;
        }
        return false;
    }

    bool check_excluded() {
        for (const Value &value : values) {
            const dg_option *o = value.option;
            if (!value.is_given || !o->excludes || !is_given(o->excludes))
                continue;
            ReportError(CE_Failure, CPLE_IllegalArg, "--%s: --%s is given too; leave one out",
                        o->name, o->excludes);
            return false;
        }
        return true;
    }

    static int go_on(int64_t done, int64_t total, void *user) {
        const auto *self = static_cast<const GradientAlgorithm *>(user);
        const double share = static_cast<double>(done) / static_cast<double>(total);
        return !self->tell || self->tell(share, "", self->tell_user);
    }

    static void warn(const char *text, void *user) {
        const auto *self = static_cast<const GradientAlgorithm *>(user);
        if (!self->m_quiet)
            self->ReportError(CE_Warning, CPLE_AppDefined, "%s", text);
    }

    bool RunImpl(GDALProgressFunc progress, void *user) override {
        std::vector<const char *> names;
        for (const GDALArgDatasetValue &input : inputs)
            names.push_back(input.GetName().c_str());
        tell = progress;
        tell_user = user;
        options.cpu = CPLGetConfigOption("DEMGRAD_CPU", nullptr);
        options.progress = go_on;
        options.warning = warn;
        options.progress_user = options.warning_user = this;
        dg_raster_options_settle(&options);
        demgrad_error error;
        const demgrad_status status = demgrad_raster_gradient(
            names.data(), names.size(), output.c_str(), &options, nullptr, &error);
        if (status)
            ReportError(CE_Failure,
                        status == DEMGRAD_CANCELLED ? CPLE_UserInterrupt : CPLE_AppDefined, "%s",
                        error.message);
        return !status;
    }
};

} // namespace

/* GDAL calls it by the name of the file, gdal_demgrad.so. */
extern "C" CPL_DLL void GDALRegister_demgrad() {
    GDALGlobalAlgorithmRegistry::GetSingleton().DeclareAlgorithm(
        {"raster", "gradient"}, [] { return std::make_unique<GradientAlgorithm>(); });
}
